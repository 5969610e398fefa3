"""One URLconf a site."""
