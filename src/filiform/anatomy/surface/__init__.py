"""The body's surface: points, patches, landmarks and areas that all pain and needles lie on."""

from filiform.anatomy.surface.builds import shape
from filiform.anatomy.surface.drawing import draw, locate
from filiform.anatomy.surface.geodesics import Line, Spot, distance_cm, line
from filiform.anatomy.surface.landmarks import Place, mirrored, nearest_landmark, places
from filiform.anatomy.surface.language import Area, AreaError, Point, parse_area, parse_point
from filiform.anatomy.surface.mesh import Surface, surface
from filiform.anatomy.surface.names import named_regions, region_names
from filiform.anatomy.surface.patches import Patch, patches, patchwork
from filiform.anatomy.surface.weights import (
    PatchWeights,
    RegionShare,
    empty,
    overlap,
    share_within,
)

__all__ = [
    "Area",
    "AreaError",
    "Line",
    "Patch",
    "PatchWeights",
    "Place",
    "Point",
    "RegionShare",
    "Spot",
    "Surface",
    "distance_cm",
    "draw",
    "empty",
    "line",
    "locate",
    "mirrored",
    "named_regions",
    "nearest_landmark",
    "overlap",
    "parse_area",
    "parse_point",
    "patches",
    "patchwork",
    "places",
    "region_names",
    "shape",
    "share_within",
    "surface",
]
