// The target's first file; replaced by its real ones.
