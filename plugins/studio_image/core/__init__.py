"""The picture numerics of the image plugin: where to work, patches, blending. Numpy and OpenCV alone."""
