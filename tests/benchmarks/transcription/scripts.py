"""What two people say while something is put together, in seven languages. Lines alternate, the trainee begins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from random import Random

VOICES = {
    "en": ("en-us+f3", "en-gb-x-rp+m3"),
    "it": ("it+f3", "it+m3"),
    "de": ("de+f3", "de+m3"),
    "fr": ("fr+f3", "fr+m3"),
    "es": ("es+f3", "es+m3"),
    "ja": ("ja+f3", "ja+m3"),
    "zh": ("cmn-latn-pinyin+f3", "cmn-latn-pinyin+m3"),
}
"""Of the trainee and the expert."""
ASSENT = {"en": "Yes.", "it": "Sì.", "de": "Ja.", "fr": "Oui.", "es": "Sí.", "ja": "はい。", "zh": "好。"}

_COLOURS = ("red", "green", "yellow", "white", "black", "silver")
_PARTS = ("wheel", "handle", "bolt", "cable", "plate", "spring", "cover", "bracket", "switch", "lamp")
_PLACES = ("on the left", "on the right", "at the top", "near the edge", "under the table", "behind the motor")
_QUESTIONS = (
    "Where does the {part} go?",
    "Do you mean the {colour} {part} {place}?",
    "I can't find the {colour} {part}.",
    "The {part} doesn't fit. What should I do now?",
    "Is it normal that the {part} is so loose?",
    "I have the {part} in my hand. Which side is up?",
    "Okay, the {part} is {place}. What comes next?",
    "How many turns does the {part} need?",
)
_ANSWERS = (
    "Take the {colour} {part} and put it {place}.",
    "No, that is the wrong {part}. You need the {colour} one.",
    "Turn the {part} slowly until you hear a click.",
    "First remove the {part}, then clean the {colour} surface.",
    "Very good. Now hold the {part} with your other hand.",
    "Look {place}, there should be a {colour} {part}.",
    "Please check the {part} again before you go on.",
    "Push the {part} down and wait for a few seconds.",
)

_LINES = {
    "it": (
        "Buongiorno, da dove comincio?",
        "Prendi la ruota rossa e mettila sul tavolo.",
        "Dove devo mettere la vite più lunga?",
        "La vite lunga va a sinistra, vicino al motore.",
        "Non riesco a trovare il cavo verde.",
        "Guarda dietro la scatola, dovrebbe essere lì.",
        "Adesso il coperchio non si chiude bene.",
        "Giralo lentamente fino a quando senti un clic.",
        "Va bene, e quale pezzo viene dopo?",
        "Dopo viene la molla piccola, quella di metallo.",
        "Posso accendere la lampada adesso?",
        "Aspetta un momento, controlla prima il cavo.",
        "Il cavo sembra a posto, la luce è verde.",
        "Perfetto, allora abbiamo finito per oggi.",
    ),
    "de": (
        "Guten Tag, womit soll ich anfangen?",
        "Nimm das rote Rad und lege es auf den Tisch.",
        "Wohin gehört die lange Schraube?",
        "Die lange Schraube kommt nach links, neben den Motor.",
        "Ich kann das grüne Kabel nicht finden.",
        "Schau hinter die Kiste, dort sollte es liegen.",
        "Jetzt geht der Deckel nicht richtig zu.",
        "Drehe ihn langsam, bis du ein Klicken hörst.",
        "Gut, und welches Teil kommt danach?",
        "Danach kommt die kleine Feder aus Metall.",
        "Kann ich die Lampe jetzt einschalten?",
        "Warte noch einen Moment und prüfe zuerst das Kabel.",
        "Das Kabel sieht gut aus, das Licht ist grün.",
        "Sehr schön, dann sind wir für heute fertig.",
    ),
    "fr": (
        "Bonjour, par quoi est-ce que je commence ?",
        "Prenez la roue rouge et posez-la sur la table.",
        "Où est-ce que je mets la longue vis ?",
        "La longue vis va à gauche, à côté du moteur.",
        "Je ne trouve pas le câble vert.",
        "Regardez derrière la boîte, il devrait être là.",
        "Maintenant le couvercle ne ferme pas bien.",
        "Tournez-le lentement, jusqu'à entendre un clic.",
        "D'accord, et quelle pièce vient ensuite ?",
        "Ensuite vient le petit ressort en métal.",
        "Est-ce que je peux allumer la lampe maintenant ?",
        "Attendez un moment et vérifiez d'abord le câble.",
        "Le câble a l'air bon, la lumière est verte.",
        "Très bien, alors nous avons fini pour aujourd'hui.",
    ),
    "es": (
        "Buenos días, ¿por dónde empiezo?",
        "Toma la rueda roja y ponla sobre la mesa.",
        "¿Dónde va el tornillo largo?",
        "El tornillo largo va a la izquierda, al lado del motor.",
        "No puedo encontrar el cable verde.",
        "Mira detrás de la caja, debería estar allí.",
        "Ahora la tapa no cierra bien.",
        "Gírala despacio hasta que oigas un clic.",
        "Vale, ¿y qué pieza viene después?",
        "Después viene el muelle pequeño de metal.",
        "¿Puedo encender la lámpara ahora?",
        "Espera un momento y revisa primero el cable.",
        "El cable parece bien, la luz es verde.",
        "Muy bien, entonces hemos terminado por hoy.",
    ),
    "ja": (
        "こんにちは。なにから はじめますか。",
        "あかい くるまを つくえの うえに おいてください。",
        "ながい ねじは どこに いれますか。",
        "ひだりに いれてください。",
        "みどりの せんが みつかりません。",
        "はこの うしろを みてください。",
        "ふたが しまりません。",
        "ゆっくり まわしてください。",
        "つぎは なにを しますか。",
        "ちいさい ばねを とってください。",
        "あかりを つけても いいですか。",
        "すこし まってください。",
        "みどりの あかりが つきました。",
        "きょうは これで おわりです。",
    ),
    "zh": (
        "你好，我从哪里开始？",
        "请把红色的轮子放在桌子上。",
        "长的螺丝放在哪里？",
        "放在左边，在电机旁边。",
        "我找不到绿色的线。",
        "请看看盒子后面。",
        "现在盖子关不上。",
        "请慢慢地转。",
        "好的，下一个是什么？",
        "下一个是小的弹簧。",
        "我现在可以开灯吗？",
        "请等一下，先检查线。",
        "线没有问题，灯是绿色的。",
        "很好，今天就到这里。",
    ),
}


def lines(language: str) -> Iterator[str]:
    """Without end; the same at each call."""
    if language != "en":
        yield from cycle(_LINES[language])
    rng = Random(0)
    while True:
        for patterns in (_QUESTIONS, _ANSWERS):
            named = {"colour": rng.choice(_COLOURS), "part": rng.choice(_PARTS), "place": rng.choice(_PLACES)}
            yield rng.choice(patterns).format(**named)
