# METADATA
# title: The parts of a pod
# description: What the controls on pods share. Each part is looked up so that a value of the wrong type is passed over without an error.
package lib.kubernetes.pods

# Every container by the path that leads to it from `attributes`. The reference is indexed, not iterated with `in`: over a
# string or null it then yields nothing, where `in` would be an error in one of the engines.
containers[["spec", field, index]] := container if {
	some field in {"containers", "initContainers", "ephemeralContainers"}
	some index
	container := input.attributes.spec[field][index]
}

# What a message calls a container or volume.
label(kind, part) := sprintf("%s %s", [kind, part.name]) if is_string(part.name)

else := sprintf("a %s without a name", [kind])

# Such a pod can't have the settings that exist on Linux only; the standards exempt it from the rules about them.
is_windows if input.attributes.spec.os.name == "windows"

# Root in such a pod is nobody on the host; the standards allow it to run as root.
has_user_namespace if input.attributes.spec.hostUsers == false

# Why nothing can be said of the pod's own settings.
unreadable_spec contains "the pod has no spec" if not is_object(input.attributes.spec)

# Why nothing can be said of the containers, or not of all of them. The API server would refuse such a pod.
unreadable_containers contains "the pod lists no containers" if not is_object(input.attributes.spec.containers[0])

unreadable_containers contains reason if {
	some field in {"initContainers", "ephemeralContainers"}
	value := input.attributes.spec[field]
	not _is_list(value)
	reason := sprintf("%s is not a list", [field])
}

unreadable_containers contains "an entry of a list of containers is not an object" if {
	some container in containers
	not is_object(container)
}

# Why nothing can be said of the volumes, or not of all of them.
unreadable_volumes contains reason if some reason in unreadable_spec

unreadable_volumes contains "volumes is not a list" if {
	value := input.attributes.spec.volumes
	not _is_list(value)
}

unreadable_volumes contains "an entry of volumes is not an object" if {
	some index
	volume := input.attributes.spec.volumes[index]
	not is_object(volume)
}

_is_list(value) if is_array(value)

# Kubernetes reads null as unset.
_is_list(null)
