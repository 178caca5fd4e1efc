"""What Canada Post's event identifiers mean.

https://www.canadapost-postescanada.ca/info/mc/business/productsservices/developers/messagescodetables.jsf
("Tracking scan events"), written with four digits; placing them is our judgement.
"""

from __future__ import annotations

from typing import Final

from lib.vocabulary import UNKNOWN, Status, status_of

CODES: Final = {
    # Before it moves
    **dict.fromkeys(("3000", "3002"), "info.label_created"),
    "0190": "cancelled.by_shipper",
    **dict.fromkeys(("1300", "1301", "1302", "2300", "4000"), "picked_up.accepted"),
    # On the way
    **dict.fromkeys(
        (
            "0100", "0101", "0102", "0103", "0104", "0105", "0106", "0107", "0113", "0170",
            "0400", "0405", "1240", "1241", "1244", "2500", "2501", "4100", "4900",
        ),
        "transit.arrived_facility",
    ),
    **dict.fromkeys(("0114", "0410"), "transit.departed_facility"),
    **dict.fromkeys(("0115", "0116"), "transit.handed_to_partner"),
    **dict.fromkeys(
        (
            "0175", "0198", "0804", "0815", "1220", "1221", "1223", "1224", "1225", "1234",
            "1703", "1705", "4550",
        ),
        "transit.generic",
    ),
    **dict.fromkeys(("4202", "4950", "8901"), "transit.departed_origin_country"),
    **dict.fromkeys(
        ("0700", "0701", "4310", "4311"), "transit.arrived_destination_country"
    ),
    "4600": "transit.at_delivery_depot",
    **dict.fromkeys(("1230", "1232", "1480", "1490"), "transit.forwarded_new_address"),
    "1210": "transit.problem_resolved",
    # Customs
    **dict.fromkeys(
        ("0800", "1487", "1495", "2601", "4330", "4400"), "customs.started"
    ),
    **dict.fromkeys(("0130", "0900", "0910", "4450", "4500", "5201"), "customs.cleared"),
    **dict.fromkeys(("0127", "0810"), "customs.delay"),
    # Delays
    "0159": "delay.weather",
    **dict.fromkeys(("0160", "0161", "0163"), "delay.disaster_strike"),
    "0162": "delay.carrier_operational",
    "0172": "delay.missorted",
    **dict.fromkeys(
        ("0621", "0622", "0623", "0624", "0625", "0626", "0627", "0628"), "delay.generic"
    ),
    # The last mile
    **dict.fromkeys(
        (
            "0174", "0500", "0610", "0611", "0612", "0613", "0614", "0615", "0616", "0617",
            "0618", "0619", "0620",
        ),
        "out.on_vehicle",
    ),
    **dict.fromkeys(("1414", "1444", "2414"), "out.rescheduled"),
    **dict.fromkeys(("1405", "1407", "1701", "2407"), "pickup.ready"),
    "0156": "pickup.last_days",
    "0629": "pickup.missed",
    **dict.fromkeys(
        ("0630", "1435", "1436", "1437", "1438", "1443", "1479", "1488"), "attempt.generic"
    ),
    **dict.fromkeys(("1411", "2411"), "attempt.business_closed"),
    # Somebody has to act
    **dict.fromkeys(("0120", "0171", "0173", "1412", "2412"), "exception.address"),
    "0118": "exception.out_of_area",
    "0121": "exception.refused",
    "0710": "exception.damaged",
    **dict.fromkeys(
        ("0117", "1410", "1450", "1484", "1494", "2410", "4700"), "exception.held"
    ),
    **dict.fromkeys(("0179", "1245", "1483", "1493", "4650"), "exception.other"),
    # Ends
    **dict.fromkeys(
        (
            "1421", "1422", "1423", "1424", "1426", "1427", "1428", "1429", "1430", "1431",
            "1433", "1434", "1476", "1496", "1497", "1498", "1499",
        ),
        "delivered.generic",
    ),
    "1406": "delivered.collected",
    **dict.fromkeys(("1408", "1409"), "delivered.signed"),
    **dict.fromkeys(
        (
            "1425", "1432", "1441", "1442", "1461", "1462", "1463", "1465", "1466", "1467",
            "1468", "1469", "1471", "1472", "1473", "1475",
        ),
        "delivered.neighbour_reception_locker",
    ),
    **dict.fromkeys(
        (
            "0167", "0168", "0169", "0181", "0182", "0183", "0184", "1100", "1303", "1415",
            "1416", "1417", "1418", "1419", "1420", "1481", "1482", "1491", "1492", "2600",
            "2802", "3001",
        ),
        "returning.started",
    ),
    "0150": "lost.destroyed",
}  # fmt: skip

#: No scans but papers: the signature or photo is there, the date moved, money moved.
PAPERS: Final = frozenset(
    {"0020", "0021", "0152", "1200", "1203", "1214", "1215", "1216", "2001", "2101"}
)


def meaning(code: str, *, is_returning: bool) -> str:
    """The sub-status; a parcel on its way back is not delivered at its end but returned."""
    found = CODES.get(code.zfill(4), UNKNOWN)
    if is_returning and found != UNKNOWN and status_of(found) is Status.DELIVERED:
        return "returned.received"
    return found
