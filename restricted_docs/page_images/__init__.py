"""A paper page by page: drawn as an image with its reader's watermark, or as its words. Parsed in the sandbox alone."""
