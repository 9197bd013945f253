"""Papers as people hold them: content from the domain, set in type."""
