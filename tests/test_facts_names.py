"""Names: what counts as one, what a translation may do with it, and what a summary may not invent."""

from __future__ import annotations

import pytest

from pipeline.facts.compare import compare, unsupported
from pipeline.facts.names import names

RIGHT = """
Emmanuel Macron est à Londres. | Emmanuel Macron is in London.
Selon Émilie Barthès, tout va bien. | According to Emilie Barthes, all is well.
L'Allemagne et la Suède signent. | Germany and Sweden sign.
En Allemagne, la vie est chère. | German life is expensive.
Les États-Unis signent. | The United States signs.
Les États-Unis signent. | The U.S. signs.
Le maire est à Bruxelles. | The mayor is in Brussels.
Le maire est à Genève. | The mayor is in Geneva.
Le maire est à Pékin. | The mayor is in Beijing.
Le maire est à La Haye. | The mayor is in The Hague.
Le maire est au Caire. | The mayor is in Cairo.
Le maire est à Saint-Pétersbourg. | The mayor is in St. Petersburg.
Le maire est à Anvers puis à Gand. | The mayor is in Antwerp, then Ghent.
Le maire est en Corée du Sud. | The mayor is in South Korea.
Le maire est en Nouvelle-Zélande. | The mayor is in New Zealand.
Le maire est en Côte d'Ivoire. | The mayor is in Ivory Coast.
Le maire est en Cisjordanie. | The mayor is in the West Bank.
Le maire est au Royaume-Uni. | The mayor is in the UK.
L'ONU et l'UE protestent. | The UN and the EU protest.
L'OTAN proteste. | NATO protests.
Le PIB recule. | GDP is falling.
L'OMS proteste. | The WHO protests.
Le FMI et la BCE protestent. | The IMF and the ECB protest.
Les PME protestent. | Small businesses protest.
La TVA augmente. | VAT is going up.
La SNCF augmente ses tarifs. | The SNCF is raising its fares.
Le ministère de l'Intérieur enquête. | The Interior Ministry is investigating.
La Cour de cassation a tranché. | The Court of Cassation has ruled.
L'Assemblée nationale a voté. | The National Assembly has voted.
Le Conseil d'État a tranché. | The Council of State has ruled.
Le Premier ministre est venu. | The prime minister came.
Le Sénat a voté. | The Senate has voted.
La Banque centrale européenne a tranché. | The European Central Bank has decided.
L'Union européenne proteste. | The EU protests.
Les Nations unies protestent. | The United Nations protests.
La Maison Blanche proteste. | The White House protests.
La Croix-Rouge est sur place. | The Red Cross is there.
Les Français votent. | The French vote.
Un Parisien a gagné. | A man from Paris won.
Les Ougandais votent. | Ugandans vote.
Le Belge Joris Haverkamp a gagné. | Belgium's Joris Haverkamp won.
M. Dupuis est venu. | Mr Dupuis came.
Mme Le Goff est venue. | Ms Le Goff came.
Le docteur N'Diaye est venu. | Doctor N'Diaye came.
La voiture d'Anne Kermadec est rouge. | Anne Kermadec's car is red.
Jean-Marie Lebreuil est venu. | Jean Marie Lebreuil came.
Vladimir Poutine est venu. | Vladimir Putin came.
Volodymyr Zelensky est venu. | Volodymyr Zelenskyy came.
Mikhaïl Gorbatchev est mort. | Mikhail Gorbachev is dead.
Lioudmila Savtchenko est venue. | Lyudmila Savchenko came.
Le roi Louis XIV est mort. | King Louis XIV is dead.
Ciments Valdor rachète Esterel Matériaux. | Ciments Valdor is buying Esterel Matériaux.
Cet accord plaît à Renault. | This deal pleases Renault.
Hier, rien. | Yesterday, nothing.
Le mont Blanc est haut. | Mont Blanc is high.
Les Alpes sont hautes. | The Alps are high.
À Noël, tout ferme. | At Christmas, everything closes.
Ils vivent à Nantes. | They live in Nantes.
Un bassin nantais. | A pond in Nantes.
Elle lit « Le Monde ». | She reads Le Monde.
En janvier, Nadia part. | In January, Nadia leaves.
RIEN NE VA PLUS | No more bets
Le site Depeche-Matin ferme. | The Depeche-Matin site is closing.
"""

WRONG = """
Emmanuel Macron est à Londres. | Emmanuel Macon is in London. | Macron
Emmanuel Macron est à Londres. | Emmanuel Macron is in Paris. | Londres
Émilie Barthès est venue. | Emily Barthes came. | Émilie
Émilie Barthès est venue. | Emilie Bartes came. | Barthès
Le patron de Valdor est venu. | The boss came. | Valdor
Le patron de Valdor est venu. | The boss of Vador came. | Valdor
L'Allemagne et la Suède signent. | Germany and Switzerland sign. | Suède
L'Autriche signe. | Australia signs. | Autriche
Le maire est à Pékin. | The mayor is in Tokyo. | Pékin
Le maire est en Corée du Sud. | The mayor is in North Korea. | Corée du Sud
Le maire est au Niger. | The mayor is there. | Niger
L'OTAN proteste. | The UN protests. | OTAN
L'ONU proteste. | NATO protests. | ONU
Le FMI proteste. | The World Bank protests. | FMI
La SNCF proteste. | The RATP protests. | SNCF
M. Dupuis est venu. | Mr Dupont came. | Dupuis
Mme Le Goff est venue. | Ms Goth came. | Goff
Jean-Marie Lebreuil est venu. | Jean-Marie came. | Lebreuil
Léon Lebreuil est venu. | Noël Lebreuil came. | Léon
Vladimir Poutine est venu. | Vladimir Poutine-Lavrov came. | Lavrov
Le Belge Joris Haverkamp a gagné. | The Belgian Joris Haverkampf won. | Haverkamp
Un élu est venu. | An official, Peter Zankovitch, came. | Zankovitch
Un élu est venu à Metz. | An official came to Metz from Gdansk. | Gdansk
Les Nations unies protestent. | The nations protest. | Nations unies
Le maire est à La Rochelle. | The mayor is in Rochester. | Rochelle
Ils vivent à Nantes. | They live in Nancy. | Nantes
Ciments Valdor rachète Esterel. | Ciments Valdor is buying the hotel. | Esterel
La ville de Zurich vote. | The city votes. | Zurich
Le Kremlin proteste. | The White House protests. | Kremlin
La Croix-Rouge est sur place. | Help is on the spot. | Croix-Rouge
"""


def _cases(table: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split(" | ")) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("french", "english"), _cases(RIGHT))
def test_a_name_said_the_english_way_raises_no_doubt(french: str, english: str) -> None:
    found = compare(french, "fr", english, "en")
    assert [difference.message for difference in found if difference.kind.startswith("name-")] == []


@pytest.mark.parametrize(("french", "english", "name"), _cases(WRONG))
def test_a_lost_or_changed_name_is_caught(french: str, english: str, name: str) -> None:
    found = compare(french, "fr", english, "en")
    assert any(name in difference.message for difference in found if difference.kind.startswith("name-"))


def test_the_tables_are_large_enough_to_mean_something() -> None:
    assert len(_cases(RIGHT)) >= 60
    assert len(_cases(WRONG)) >= 30


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Hier, Nadia Oulmi a vu le Dr Pêcheur à Port-Astier.", "fr", ["Nadia Oulmi", "Pêcheur", "Port-Astier"]),
        ("Le général Charles de Gaulle.", "fr", ["Charles de Gaulle"]),
        ("Selon l'Insee, tout baisse.", "fr", ["Insee"]),
        ("J. Dupuis est là. M. Perrin aussi.", "fr", ["Dupuis", "Perrin"]),
        ("However, Mr Osei's firm moved to Ghent.", "en", ["Osei", "Ghent"]),
        ("LE MAIRE DÉMISSIONNE", "fr", []),
        ("Rien.", "fr", []),
        ("", "fr", []),
    ],
)
def test_names_lists_the_capitals_that_spelling_does_not_explain(text: str, code: str, expected: list[str]) -> None:
    found = names(text, code)
    assert [name.text for name in found] == expected
    assert all(text[name.start : name.end] == name.text for name in found)


SUPPORT = ["Emmanuel Macron met the heads of the European Union in Brussels.", "Workers at Valdor were there."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Macron met the heads of the EU.",
        "Workers met Macron.",
        "Employees met Macron in Brussels.",
        "On Brussels' streets, Valdor's workers met Macron.",
    ],
)
def test_a_summary_may_shorten_the_names_of_its_support(sentence: str) -> None:
    assert unsupported(sentence, SUPPORT) == []


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Macron met Scholz.", "Scholz"),
        ("Brigitte Macron met the workers.", "Brigitte"),
        ("Macron met the heads of NATO.", "NATO"),
        ("Macron met the workers in Paris.", "Paris"),
        ("Valdar was there.", "Valdar"),
        ("Zorglub was there.", "Zorglub"),
    ],
)
def test_a_summary_may_not_bring_in_a_name(sentence: str, name: str) -> None:
    found = unsupported(sentence, SUPPORT)
    assert [difference.kind for difference in found] == ["name-added"]
    assert name in found[0].message
