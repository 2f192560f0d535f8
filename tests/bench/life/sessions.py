"""Procedures of the invented life: agent sessions whose commands worked, and how-tos in notes.

Used by `build.py`. The commands that failed on the way are no part of the procedure.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Session:
    """A session with an agent: what was asked, what failed, what worked."""

    project: str
    asked: str
    failed: tuple[tuple[str, str], ...]
    worked: tuple[tuple[str, str], ...]
    ended: str
    thanks: str = "Works, thanks."


@dataclass(frozen=True, slots=True)
class HowTo:
    title: str
    steps: tuple[str, ...]
    lead: str = ""


SESSIONS = (
    Session("portal", "The tests of the portal fail since I updated node, can you get them to run?",
            (("npm test", "Error: Cannot find module 'vite'\nexit code 1"),),
            (("rm -rf node_modules && npm ci", "added 412 packages in 21s"),
             ("npm test", "42 passed (42)\nexit code 0")),
            "The lock file was older than the modules. After a clean install all 42 tests pass."),
    Session("portal", "Deploy the portal to staging, please.",
            (("make deploy", "make: *** No rule to make target 'deploy'.  Stop."),),
            (("npm run build", "built in 8.1s"),
             ("rsync -a build/ staging:/srv/portal/", "sent 2,114,201 bytes"),
             ("ssh staging systemctl restart portal", "")),
            "The portal is built, copied and restarted on staging."),
    Session("importer", "The invoice importer says that the database is locked. How do I get it "
    "back?",
            (("python -m importer run", "sqlite3.OperationalError: database is locked"),),
            (("fuser invoices.db", "invoices.db: 4182"), ("kill 4182", ""),
             ("python -m importer run", "imported 214 invoices")),
            "An old run still held the database. With it gone 214 invoices came in."),
    Session("importer", "Make a copy of the production database that I can test against.",
            (),
            (("ssh prod sqlite3 invoices.db '.backup /tmp/copy.db'", ""),
             ("scp prod:/tmp/copy.db data/test.db", "copy.db 100% 38MB"),
             ("python -m importer check data/test.db", "ok, 18,220 rows")),
            "The copy is in data/test.db and passes the check."),
    Session("gateway", "Flash the new firmware to the sensor gateway on the desk.",
            (("esptool.py write_flash 0x0 gateway.bin",
              "A fatal error occurred: Failed to connect to ESP32"),),
            (("esptool.py --before no_reset --baud 115200 write_flash 0x1000 gateway.bin",
              "Hash of data verified."),
             ("python monitor.py --port /dev/ttyUSB0", "boot ok, 3 sensors")),
            "The slow speed and the right offset did it, the gateway sees three sensors."),
    Session("photos", "My photo library is full of duplicates, please clean it up without losing "
    "any.",
            (("fdupes -rd ~/Photos", "asks for each of 3,812 sets"),),
            (("rclone dedupe --dry-run ~/Photos", "would remove 3,812 files"),
             ("rsync -a ~/Photos/ /mnt/attic/Photos/", "sent 91,220,118,004 bytes"),
             ("rclone dedupe newest ~/Photos", "removed 3,812 files")),
            "A full copy is on the attic disk and 3,812 duplicates are gone.",
            "Great, that did it."),
    Session("label-printer", "The label printer prints every second label empty. Find out why?",
            (("lpadmin -p zebra -o media=4x6", "printed 1 of 2"),),
            (("lpadmin -p zebra -o Darkness=20 -o MediaTracking=Web", ""),
             ("lp -d zebra test.zpl", "request id is zebra-118")),
            "It took the gap between the labels for a label. With web tracking each one is "
            "printed.",
            "Yes, they all come out now."),
    Session("portal", "Renew the certificate of the staging server.",
            (("certbot renew", "Problem binding to port 80"),),
            (("systemctl stop nginx", ""), ("certbot renew --standalone", "all renewals succeeded"),
             ("systemctl start nginx", "")),
            "Stopping nginx for the renewal frees port 80. The new certificate is in place."),
    Session("notes", "Convert my old Word minutes to Markdown.",
            (("pandoc *.doc -o out.md", "pandoc: unsupported format doc"),),
            (("soffice --headless --convert-to docx *.doc", "converted 31 files"),
             ("for f in *.docx; do pandoc \"$f\" -o \"${f%.docx}.md\"; done", "")),
            "31 files went through docx to Markdown.", "Perfect, all readable."),
    Session("gateway", "The clock of the gateway is an hour off since Sunday.",
            (("date -s 14:05", "date: cannot set date: Operation not permitted"),),
            (("timedatectl set-timezone Europe/Berlin", ""), ("timedatectl set-ntp true", ""),
             ("timedatectl", "System clock synchronized: yes")),
            "The zone was set to UTC+1 by hand. It follows Berlin and the network's time now."),
    Session("portal", "Add the Polish texts and check that none is missing.",
            (("npm run i18n", "missing script: i18n"),),
            (("npx svelte-i18n extract src locales/pl.json", "wrote 318 keys"),
             ("npm run check-texts -- pl", "0 missing")),
            "All 318 Polish texts are there.", "Nice, Polish is complete."),
    Session("importer", "Undo the last import, it had the wrong year.",
            (),
            (("python -m importer list --last", "batch 77, 214 invoices"),
             ("python -m importer undo 77", "removed 214 invoices"),
             ("python -m importer run --year 2025", "imported 214 invoices")),
            "Batch 77 is undone and imported again with the year 2025."),
)  # fmt: skip
NEVER_WORKED = (
    Session("portal", "Try to get the old demo running again.",
            (("docker compose up", "no configuration file provided: not found"),
             ("npm start", "missing script: start"), ("git checkout demo",
             "error: pathspec 'demo'")),
            (), "I could not find the demo in this repository.", "Never mind then."),
    Session("photos", "Can you recover the pictures from the broken card?",
            (("photorec /dev/sdb", "Unable to read the partition"),
             ("dd if=/dev/sdb of=card.img", "dd: error reading '/dev/sdb': Input/output error")),
            (), "The card can't be read at all.", "What a pity."),
)  # fmt: skip

HOW_TOS = (
    HowTo("Bleeding the radiators",
          ("Turn the pump off at the red switch.",
          "Open the valve with the square key, a quarter turn.",
           "Close it when water comes.", "Refill to 1.6 bar and switch the pump on again."),
          "How I bleed the radiators, since I forget it every autumn:"),
    HowTo("Resetting the heating",
          ("Hold the flame button for six seconds.", "Wait until the lamp turns green.",
           "Press once more and check the pressure."), "What fixed error E14:"),
    HowTo("Winter for the allotment",
          ("Close the water at parcel 90.", "Open all taps and let the pipe run empty.",
           "Carry the pump into the shed.", "Turn the rain barrel over."),
          "Steps before the first frost, in this order:"),
    HowTo("Opening the label printer",
          ("Lift the left latch.", "Pull the roll out to the front.",
           "Clean the head with alcohol, never with water."), "That's how the jam is cleared:"),
    HowTo("Getting the cello on the tram",
          ("Take the rear door.", "Lock the wheel of the case.",
          "Buy the bike ticket in the app first."),
          "Lotte and I found out how it goes:"),
    HowTo("Fahrrad durch den Winter",
          ("Kette abwischen und wachsen.", "Reifen auf 3,5 bar pumpen.",
           "Akku bei 60 Prozent im Flur lagern."), "So mache ich das Lastenrad winterfest:"),
    HowTo("Quarterly numbers for Kathrin",
          ("Export the hours as csv.", "Run the sheet called quarter.",
          "Send only the first tab, as PDF."),
          "How I do the quarterly numbers:"),
)  # fmt: skip
TOLD = (  # procedures in a sentence or two, told in passing: (thing, sentence)
    ("scanner fix", "I got the scanner to work by unplugging it, holding the reset for ten seconds "
     "and pairing it again."),
    ("red wine stain", "The stain came out after I put salt on it, poured on boiling water and "
     "washed it at forty degrees."),
    ("frozen app", "What finally helped with the frozen app: clear the cache, log out, log in "
    "again."),
    ("cellar door", "To open the cellar door, lift it first, push with the knee, and only then "
    "turn "
     "the key."),
    ("sourdough", "I saved the sourdough by feeding it twice a day with rye for a week."),
    ("bike gears", "Fixed the gears: loosened the cable, shifted to the smallest cog and tightened "
     "it again."),
    ("vpn", "The VPN only connects if you first start the key agent and then the client, in that "
     "order."),
    ("tax upload", "For the upload to the tax office you have to convert the PDF to PDF/A first "
    "and "
     "split it below 10 MB."),
    ("blocked drain", "The drain runs again: baking soda, vinegar, wait half an hour, hot water."),
    ("tent", "We pitch the tent in the wind by pegging the back first and raising the front pole "
     "last."),
)  # fmt: skip
