"""The settings of a unit file, as systemd.syntax(7) has them."""


def settings(path):
    """{(section, key): [values in order]}."""
    found, section = {}, None
    for line in path.read_text().replace("\\\n", " ").splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]")
        elif line and line[0] not in "#;":
            key, _, value = line.partition("=")
            found.setdefault((section, key.strip()), []).append(value.strip())
    return found


def service(path):
    """The [Service] section, the last value of each key."""
    return {key: values[-1] for (part, key), values in settings(path).items() if part == "Service"}
