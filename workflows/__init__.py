"""The process engine: moves a review along its statutory path. Only this package imports viewflow."""
