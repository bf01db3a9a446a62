"""Talk about the recording, the connection or the session itself, which is not about the task.

Of what was said, a sentence counts: a turn is about the recording where each of its sentences is, and near it where
some are, or where its words may be meant so. "Turn the camera on" is a task's own where the task has a camera.
"""

from __future__ import annotations

import re

_SENTENCES = re.compile(r"[^.!?。！？]+")
_HANDS = r"\b(?:hands|your hand|head|face)\b.{0,40}"
_PLACE = (
    r"\b(?:in|within|on|into|inside|out of) (?:the |your )?"
    r"(?:frame|camera|shot|view of the camera|camera'?s? view)\b"
)
_RECORDING = re.compile(
    r"\b(?:stop|end|finish|start|begin|pause|press) (?:\w+ ){0,2}?(?:recording|record button|capture)\b"
    r"|\b(?:is|are|was|am) (?:it|this|that|we|you|i|everything|the (?:camera|glasses)) (?:\w+ )?"
    r"(?:recording|being recorded|recorded|filming|on air)\b"
    r"|\b(?:it's|it is|we're|we are|i'm|i am|that's) (?:now |still |not |already )?"
    r"(?:recording|being recorded|filming)\b"
    r"|\brecording (?:is|has|was|starts?|started|stopped|ends?|ended|now|yet|again)\b"
    r"|\b(?:can|may|should|could|must) (?:\w+ ){0,5}?press (?:the )?stop\b|\bpress (?:the )?stop\W*$"
    rf"|{_HANDS}{_PLACE}|\bview of the camera\b"
    r"|\b(?:can|could|do|did) (?:you|we|they|i) (?:\w+ )?hear (?:me|us|you|each other|anything)\b"
    r"|\bi (?:can|can't|cannot|could|couldn't|don't) (?:\w+ )?hear (?:you|anything|nothing)\b"
    r"|\b(?:is|are|was) (?:the|my|your|our|this) "
    r"(?:micro(?:phone)?|mic|headset|sound|audio|volume|connection|wi-?fi|stream|call|video call) "
    r"(?:\w+ )?(?:on|off|working|ok(?:ay)?|fine|good|bad|frozen|gone|back|loud|low|down)\b"
    r"|\b(?:you're|you are|i'm|i am|it's|it is) (?:\w+ )?(?:muted|breaking up|cutting out|on mute)\b|\bunmute\b"
    r"|\bthe (?:picture|image|stream|video|connection) (?:is|was|has|got) (?:\w+ )?"
    r"(?:frozen|gone|black|lagging|blurry|lost|bad|slow)\b"
    r"|\b(?:part|participating|being|being here)\b.{0,30}\b(?:study|experiment|recording)\b"
    r"|\bagreeing\b.{0,30}\bstudy\b"
    r"|\b(?:mi|ci) sent[ie]\b|\bstai registrando\b|\bregistrazione\b"
    r"|\b(?:hörst du|hören sie|hört ihr) (?:mich|uns)\b"
    r"|\baufnahme (?:läuft|beenden|stoppen|starten)\b|\bläuft die aufnahme\b|\b(?:tu m'|vous m')enten(?:ds|dez)\b"
    r"|\benregistrement\b|\bme (?:oyes|oye|escuchas|escucha)\b|\bgrabación\b"
    r"|録画|録音|聞こえます|聞こえてい|录像|录音|录制|听得到|听得见",
    re.IGNORECASE,
)
_OF_SESSION = re.compile(
    r"^\W*(?:(?:so|and|ok(?:ay)?|now|well|then|yes|please|good job|great|perfect|all right)\W+)*"
    r"(?:hello|hi|thanks?(?: you)?(?: (?:very|so) much)?(?: for everything)?(?:,? for (?:this|the|your) \w+)?"
    r"|good job|well done|perfect|great|lovely|ok(?:ay)?|yes|bye|goodbye|see you"
    r"|(?:it|this|that)(?:'s| is| was| will be| concludes?) "
    r"(?:over|it|all|everything|this task|the task|the session)"
    r"(?: for (?:this|the) (?:task|session|study))?(?:,? so \w+ \w+)?"
    r"|you(?:'re| are) (?:all )?done|you (?:may|can) (?:now )?(?:begin|start|stop|go)"
    r"|may (?:now )?you (?:begin|start)"
    r"|(?:please )?go ahead|your task is over"
    r")\W*$",
    re.IGNORECASE,
)
"""Greetings, thanks, beginnings and ends."""
_MAY_BE = re.compile(
    r"\b(?:record(?:ing|ed)?|microphone|mic|headset|glasses|video|stream)\b|\bstop button\b|\bpress stop\b"
    r"|\b(?:in|out of) (?:the )?frame\b|\bis the camera\b"
    r"|\b(?:can|do|could) (?:you|i|we) see (?:me|my|your|the|both)?\s?(?:hands?|screen|picture|it|that)?\W*$"
    r"|\byou can see\W*$|\b(?:i|we) (?:can|can't|cannot|could|couldn't|don't) (?:\w+ )?see "
    r"(?:you|your hands?|both (?:of )?(?:your )?hands|the (?:picture|image|video|view)|anything"
    r"|what you(?:'re| are) doing)\b"
    r"|\bmi vedi\b|\b(?:siehst du|sehen sie) (?:mich|meine hände)\b|\b(?:tu me vois|vous me voyez)\b|\bme ves\b"
    r"|\bhands?\b.{0,30}\bvisible\b|\b(?:move|step|lean|sit) (?:a (?:bit|little) )?(?:back|closer)\b"
    r"|\b(?:look|looking) (?:\w+ )?(?:at|into) the camera\b|\bthe study\b|\bour study\b|\byou (?:can|may) sit\b"
    r"|\b(?:we're|we are|we will|we're going to|we're gonna)(?: now)? (?:be )?"
    r"(?:looking|look|performing|perform|operat(?:e|ing)|take apart|use)\b"
    r"|\blet's go back to\b|\baufnahme\b",
    re.IGNORECASE,
)


def about_recording(text: str) -> bool:
    """Whether all of it is about the recording, the connection or the session itself."""
    sentences = _sentences(text)
    return bool(sentences) and all(_is(each) for each in sentences)


def near_recording(text: str) -> bool:
    """Whether some of it is, or may be meant so: a person says."""
    return bool(_RECORDING.search(text) or _MAY_BE.search(text)) or any(
        _OF_SESSION.match(each) and len(each.split()) > 2 for each in _sentences(text)
    )


def _is(sentence: str) -> bool:
    return bool(_RECORDING.search(sentence) or _OF_SESSION.match(sentence))


def _sentences(text: str) -> list[str]:
    return [each for each in _SENTENCES.findall(text) if each.strip(" \"'”’,…-")]
