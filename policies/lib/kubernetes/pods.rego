# METADATA
# title: The parts of a pod
# description: >-
#   What the controls on pods share. All of it is functions of the resource, because the embedded engine answers a rule of
#   another package in time that grows with the number of packages, a function in constant time.
package lib.kubernetes.pods

# Every container by the path that leads to it from `attributes`.
containers(resource) := {["spec", field, index]: container |
	some field in {"containers", "initContainers", "ephemeralContainers"}
	some index, container in entries(resource.attributes.spec[field])
}

# A list, or nothing: to iterate over a string or null with `in` is an error in one of the engines.
entries(value) := value if is_array(value)

# What a message calls a container or volume.
label(kind, part) := sprintf("%s %s", [kind, part.name]) if is_string(part.name)

else := sprintf("a %s without a name", [kind])

# Such a pod can't have the settings that exist on Linux only; Pod Security Standards exempt it from the rules about them.
is_windows(resource) if resource.attributes.spec.os.name == "windows"

# Root in such a pod is nobody on the host; Pod Security Standards let it run as root (1.35 and later).
has_user_namespace(resource) if resource.attributes.spec.hostUsers == false

# A pod without containers has nothing that could be wrong, and nothing that could be right. (Lists that hold something else
# than containers are unread, by the collector.)
lists_containers(resource) if is_object(resource.attributes.spec.containers[0])
