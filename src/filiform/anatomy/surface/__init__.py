"""The body's surface: points, patches, landmarks and areas that all pain and needles lie on."""

from filiform.anatomy.surface.builds import shape
from filiform.anatomy.surface.drawing import draw, locate
from filiform.anatomy.surface.geodesics import SkinPath, Spot, distance_cm, line
from filiform.anatomy.surface.landmarks import LandmarkPlace, mirrored, nearest_landmark, places
from filiform.anatomy.surface.language import Area, AreaError, AreaPoint, parse_area, parse_point
from filiform.anatomy.surface.layers import BodyDrawing, Layer, of_regions, region_patches
from filiform.anatomy.surface.mesh import Surface, surface
from filiform.anatomy.surface.names import (
    EXTENTS,
    SideShare,
    extent_of,
    named_regions,
    region_names,
    sided_regions,
)
from filiform.anatomy.surface.patches import Patch, patches, patchwork
from filiform.anatomy.surface.stored import packed, unpacked
from filiform.anatomy.surface.weights import (
    PatchWeights,
    RegionShare,
    empty,
    overlap,
    share_within,
)

__all__ = [
    "EXTENTS",
    "Area",
    "AreaError",
    "AreaPoint",
    "BodyDrawing",
    "LandmarkPlace",
    "Layer",
    "Patch",
    "PatchWeights",
    "RegionShare",
    "SideShare",
    "SkinPath",
    "Spot",
    "Surface",
    "distance_cm",
    "draw",
    "empty",
    "extent_of",
    "line",
    "locate",
    "mirrored",
    "named_regions",
    "nearest_landmark",
    "of_regions",
    "overlap",
    "packed",
    "parse_area",
    "parse_point",
    "patches",
    "patchwork",
    "places",
    "region_names",
    "region_patches",
    "shape",
    "share_within",
    "sided_regions",
    "surface",
    "unpacked",
]
