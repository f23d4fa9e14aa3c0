"""Unique values for planting: each can be found again in bytes, whatever became of the element it was in."""

import datetime
import random
import re

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
WORD = re.compile(r"ZQ[2-9A-HJ-NP-Z]{6}")
DAYS = range(datetime.date(1921, 1, 1).toordinal(), datetime.date(1999, 12, 31).toordinal())


class Marks:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.days = self.random.sample(DAYS, len(DAYS))
        self.count = 0

    def number(self) -> int:
        self.count += 1
        return self.count

    def word(self) -> str:
        """ZQ and six letters or digits: 'ZQ' comes first so that one expression finds every word."""
        number, text = self.number() * 7919 + self.random.randrange(7919), ""
        for _ in range(6):
            number, digit = divmod(number, len(LETTERS))
            text += LETTERS[digit]
        return "ZQ" + text

    def date(self) -> str:
        return datetime.date.fromordinal(self.days.pop()).strftime("%Y%m%d")

    def uid(self) -> str:
        return f"1.2.826.0.1.3680043.8.498.{self.number()}{self.random.randrange(10**20, 10**21)}"

    def time(self) -> str:
        hour, minute, second = (self.random.randrange(n) for n in (24, 60, 60))
        return f"{hour:02}{minute:02}{second:02}.{self.number():06}"

    def digits(self, count: int) -> str:
        return str(self.number() + 10 ** (count - 1) * self.random.randrange(1, 9))

    def value(self, vr: str):
        """A value of the VR. Times, ages and binary numbers cannot all be unique: those are judged where they stood."""
        match vr:
            case "PN":
                return f"{self.word()}^{self.word()}"
            case "SH" | "CS" | "AE" | "LO":
                return self.word()
            case "ST" | "LT" | "UT" | "UC":
                return f"seen by {self.word()} for {self.word()}"
            case "UR":
                return f"https://{self.word()}.example.org/{self.word()}"
            case "DA":
                return self.date()
            case "TM":
                return self.time()
            case "DT":
                return self.date() + self.time()
            case "UI":
                return self.uid()
            case "IS" | "DS":
                return self.digits(9)
            case "AS":
                return f"{self.random.randrange(60, 89):03}Y"
            case "US" | "SS" | "UL" | "SL":
                return self.random.randrange(20000, 30000)
            case "FL" | "FD" | "OF" | "OD":
                return self.random.uniform(1000, 2000)
            case "OB" | "OW" | "UN":
                return f"{self.word()}{self.word()}".encode()
        raise ValueError(f"no value for {vr}")
