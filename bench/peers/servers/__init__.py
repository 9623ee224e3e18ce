"""The contestants, each as its own documents show it, tuned as far as it goes."""
