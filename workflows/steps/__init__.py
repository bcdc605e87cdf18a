"""What a node does when it needs two packages: built from their use cases, in one transaction."""
