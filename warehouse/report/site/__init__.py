"""The site of a build: pages that open from disk, with no network and no server."""
