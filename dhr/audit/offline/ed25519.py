"""Ed25519 signatures, only checked, never made (RFC 8032 section 5.1)."""

from __future__ import annotations

from hashlib import sha512

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, xy = T/Z
NOTHING: Point = (0, 1, 1, 0)


def add(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def decoded(text: bytes) -> Point:
    """The point (RFC 8032 section 5.1.3). Raises ValueError for bytes that stand for none."""
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * ROOT_OF_MINUS_1 % P
    if len(text) != 32 or y >= P or x * x % P != square or (x == 0 and sign):
        raise ValueError("no point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def encoded(point: Point) -> bytes:
    inverse = pow(point[2], -1, P)
    return (point[1] * inverse % P | (point[0] * inverse % P & 1) << 255).to_bytes(32, "little")


def multiples(point: Point) -> list[list[Point]]:
    """What each of the sixteen values of each hexadecimal digit of a number contributes."""
    rows = []
    for _ in range(64):
        row = [NOTHING]
        for _ in range(15):
            row.append(add(row[-1], point))
        rows.append(row)
        point = add(row[-1], point)
    return rows


def times(rows: list[list[Point]], number: int) -> Point:
    total = NOTHING
    for row in rows:
        total = add(total, row[number & 15])
        number >>= 4
    return total


BASE = multiples(decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little")))


class Ed25519:
    """Signatures of one public key. A key of small order, which signs anything, raises ValueError."""

    def __init__(self, public: bytes) -> None:
        x, y, z, t = decoded(public)
        self.public, self.minus_key = public, multiples((P - x, y, z, P - t))
        if encoded(self.minus_key[0][8]) == encoded(NOTHING):
            raise ValueError("a key of small order")

    def signed(self, signature: bytes, message: bytes) -> bool:
        """Only the one encoding of S below the order and of R counts; the equation is checked without cofactor."""
        s = int.from_bytes(signature[32:], "little")
        if len(signature) != 64 or s >= ORDER:
            return False
        k = int.from_bytes(sha512(signature[:32] + self.public + message).digest(), "little") % ORDER
        return encoded(add(times(BASE, s), times(self.minus_key, k))) == signature[:32]
