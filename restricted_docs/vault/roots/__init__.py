"""Root keys kept elsewhere than in a file. Each fits `rootkeys.RootKeys` and fails closed, saying what to do."""
