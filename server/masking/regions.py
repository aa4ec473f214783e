"""Provinces and cities as they are written at the head of a Chinese address."""

import re

PROVINCE = re.compile(
    "(?:北京市|上海市|天津市|重庆市|内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区"
    "|香港特别行政区|澳门特别行政区"
    "|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省)"
)

CITY = re.compile("[\u4e00-\u9fff]{2,7}?(?:市|自治州|盟|地区)")
"""After a province only; the first such ending, so that a street that is named after a city is never included."""

SHORT_PROVINCE = re.compile(
    "(?:北京|上海|天津|重庆|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东"
    "|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)(?:维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|省|市)?"
)
"""The same as people write them, with or without what they end in."""
