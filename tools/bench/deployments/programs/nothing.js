// No resources: what a state holds anyway.
