"""The desk: pages that need the review, its tasks and its papers together."""
