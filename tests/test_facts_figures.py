"""Numbers, dates and amounts, French against English: what a faithful translation may write, and what it may not."""

from __future__ import annotations

import pytest

from pipeline.facts.compare import compare

FIGURES = ("number-", "date-", "currency-", "percent-")

RIGHT = """
Le groupe a levé 2,5 milliards d'euros. | The group raised €2.5 billion.
Le groupe a levé 2,5 milliards d'euros. | The group raised 2.5 billion euros.
Le groupe a levé 2,5 milliards d'euros. | The group raised €2.5bn.
Le groupe a levé 2,5 Mds d'euros. | The group raised €2.5 billion.
Le groupe a levé 2,5 Md€. | The group raised €2.5 billion.
Le plan coûte 3 M€. | The plan costs €3 million.
Le plan coûte 3 M€. | The plan costs €3m.
Le plan coûte 450 k€. | The plan costs €450,000.
Le contrat vaut 3 M$. | The contract is worth $3 million.
Le contrat vaut 3 millions de dollars. | The contract is worth $3m.
Le contrat vaut 12 millions de dollars canadiens. | The contract is worth C$12 million.
Le contrat vaut 40 $ CA. | The contract is worth C$40.
Le billet coûte 1 200,50 €. | The ticket costs €1,200.50.
Le billet coûte 1\u00a0200,50\u00a0€. | The ticket costs €1,200.50.
Le billet coûte 1\u202f200,50\u202f€. | The ticket costs €1,200.50.
Le billet coûte 1.200,50 euros. | The ticket costs 1,200.50 euros.
Le billet coûte 3 euros 50. | The ticket costs €3.50.
Le billet coûte 3€50. | The ticket costs €3.50.
Le billet coûte 50 centimes. | The ticket costs 50 cents.
La prime est de 200 livres sterling. | The bonus is £200.
La prime est de 5 000 francs suisses. | The bonus is 5,000 Swiss francs.
La prime est de 5 000 francs suisses. | The bonus is CHF 5,000.
La prime est de 75 000 francs CFA. | The bonus is 75,000 CFA francs.
La prime est de 75 000 FCFA. | The bonus is 75,000 CFA francs.
La dette atteint 300 milliards de yens. | The debt is 300 billion yen.
La dette atteint 300 milliards de yuans. | The debt is 300 billion yuan.
Une livre pèse 500 grammes. | A pound weighs 500 grams.
Il a lu 12 livres. | He has read 12 books.
La ville compte 220 000 habitants. | The town has 220,000 inhabitants.
La ville compte 220.000 habitants. | The town has 220,000 inhabitants.
La ville compte 2.200.112 habitants. | The town has 2,200,112 inhabitants.
La ville compte 1 millier d'habitants. | The town has 1,000 inhabitants.
La ville compte deux cent mille habitants. | The town has two hundred thousand inhabitants.
La ville compte deux cent mille habitants. | The town has 200,000 inhabitants.
La ville compte 2 millions 500 000 habitants. | The town has 2.5 million inhabitants.
La ville compte un million et demi d'habitants. | The town has 1.5 million inhabitants.
La ville compte deux millions et demi d'habitants. | The town has two and a half million inhabitants.
La ville compte un demi-million d'habitants. | The town has half a million inhabitants.
Le chômage touche 20 % des jeunes. | Unemployment affects 20% of young people.
Le chômage touche 20 % des jeunes. | Unemployment affects 20 per cent of young people.
Le chômage touche vingt pour cent des jeunes. | Unemployment affects twenty percent of young people.
Le taux gagne 0,25 point de pourcentage. | The rate rises by 0.25 percentage points.
Le titre perd 4,3%. | The share loses 4.3%.
La baisse va de 20 à 30 %. | The fall is from 20% to 30%.
La baisse est entre 20 et 30 %. | The fall is between 20 and 30%.
Il faut de 2 à 3 millions d'euros. | It takes €2-3 million.
Il faut de 2 à 3 millions d'euros. | It takes between two and three million euros.
Il faut de 2 à 3 millions d'euros. | It takes €2 million to €3 million.
Il faut de 2 à 3 millions d'euros. | It takes €2m to €3m.
Il faut 10 à 15 ans. | It takes 10-15 years.
Il faut 10-15 ans. | It takes 10 to 15 years.
Il a quatre-vingt-dix ans. | He is ninety years old.
Il a quatre-vingt-dix ans. | He is 90.
Elle a soixante et onze ans. | She is seventy-one.
Elle a soixante-dix-sept ans. | She is 77.
Il n'y en a eu que dix-sept. | There were only seventeen.
Elle a septante-deux ans. | She is 72 years old.
Elle a nonante ans. | She is ninety.
Elle a quatre-vingts ans. | She is eighty.
Elle a quatre-vingt-un ans. | She is 81.
Elle a vingt et un ans. | She is twenty-one.
Elle a dix-huit ans. | She is 18.
Il est mort à cent trois ans. | He died at 103.
Mille neuf cent quatre-vingt-dix-sept pages plus tard. | 1,997 pages later.
Une enfant de trois ans a disparu. | A three-year-old girl has gone missing.
Il y a une dizaine de blessés. | There are about ten injured.
Il y a une dizaine de blessés. | There are a dozen or so injured.
Il y a une vingtaine de blessés. | There are some 20 injured.
Il y a une centaine de blessés. | There are about a hundred injured.
Il y a un millier de blessés. | There are around 1,000 injured.
Il y a des milliers de blessés. | There are thousands of injured.
Il y a une centaine de milliers de réfugiés. | There are about 100,000 refugees.
Il a acheté deux douzaines d'œufs. | He bought two dozen eggs.
Il a acheté une demi-douzaine d'œufs. | He bought half a dozen eggs.
Deux tiers des élus ont voté. | Two thirds of the members voted.
Les deux tiers des élus ont voté. | Two-thirds of the members voted.
La moitié des élus ont voté. | Half of the members voted.
La moitié des élus ont voté. | Fifty percent of the members voted.
Un quart des élus ont voté. | A quarter of the members voted.
Les trois quarts des élus ont voté. | Three quarters of the members voted.
Un cinquième des élus ont voté. | One fifth of the members voted.
Deux cinquièmes des élus ont voté. | Two fifths of the members voted.
Le dossard n° 12 a gagné. | Bib No. 12 won.
Il finit 2e de la 3e étape. | He finished second in the third stage.
Il finit 1er. | He finished first.
Il remporte le premier prix. | He wins the first prize.
C'est sa vingt-deuxième victoire. | It is his 22nd win.
C'est le deuxième incendie. | It is the second fire.
Le palais date du XVIe siècle. | The palace dates from the 16th century.
Le palais date du XXe siècle. | The palace dates from the twentieth century.
Louis XIV y a dormi. | Louis XIV slept there.
Le pape Jean-Paul II y a dormi. | Pope John Paul II slept there.
Les Bleus l'emportent 3-1. | The Blues won 3-1.
Les Bleus l'emportent 3-1. | The Blues won three to one.
Les Bleus l'emportent 3 à 1. | The Blues won 3-1.
Il gagne 6-4, 6-3. | He wins 6-4, 6-3.
Le train part à 14 h 30. | The train leaves at 2:30 p.m.
Le train part à 14h30. | The train leaves at 14:30.
Le train part à 14 h 30. | The train leaves at 2.30pm.
Le train part à 20 heures. | The train leaves at 8 p.m.
Le train part à 8 heures. | The train leaves at 8 a.m.
Le train part à huit heures du soir. | The train leaves at eight o'clock in the evening.
Le train part à midi. | The train leaves at noon.
Le train part à 12 h. | The train leaves at noon.
Le train part à 0 h 15. | The train leaves at 12:15 a.m.
Le train part à 7 h 05. | The train leaves at 7:05 a.m.
Le train part à quatre heures et quart. | The train leaves at a quarter past four.
Le train part à six heures et demie. | The train leaves at half past six.
Le trajet dure 2 h 30. | The journey takes two and a half hours.
Le trajet dure deux heures et demie. | The journey takes two and a half hours.
Le trajet dure 2 h 30. | The journey takes two hours and 30 minutes.
Le trajet dure 20 heures. | The journey takes 20 hours.
Vers 15 h 20 GMT, le titre cédait 3 %. | At around 1520 GMT, the share was down 3%.
La semaine de 35 heures demeure. | The 35-hour week remains.
Il reste un an et demi. | A year and a half remains.
Il reste dix-huit mois. | Eighteen months remain.
Il part dans quinze jours. | He leaves in two weeks.
Il part dans quinze jours. | He leaves in a fortnight.
Il fait -3 °C. | It is -3°C.
Il fait - 3 °C. | It is minus 3 degrees.
Il fait moins 3 degrés. | It is 3 degrees below zero.
Il faut au moins 3 degrés. | It takes at least 3 degrees.
Il mesure 1 m 80. | He is 1.80 metres tall.
Il mesure 1,80 m. | He is 1.8 m tall.
Appelez le 06 12 34 56 78. | Call 06 12 34 56 78.
Appelez le 06.12.34.56.78. | Call 06 12 34 56 78.
Les années 1990 furent rudes. | The 1990s were harsh.
Les années 90 furent rudes. | The nineties were harsh.
Les années 80 furent rudes. | The 1980s were harsh.
La guerre de 1914-1918 commence. | The 1914-1918 war begins.
La guerre de 14-18 commence. | The 14-18 war begins.
La saison 2023-2024 commence. | The 2023-24 season begins.
L'avion A320 a quitté le G7. | The A320 left the G7.
Il habite 12 rue des Lilas. | He lives at 12 rue des Lilas.
Il y a deux blessés. | Both were injured.
Il a doublé ses ventes. | He has doubled his sales.
Les ventes ont été multipliées par trois. | Sales have tripled.
Il joue les huitièmes de finale. | He plays in the round of 16.
Trois-Rivières accueille la fête. | Trois-Rivières hosts the fair.
Zéro accident cette année. | Zero accidents this year.
Il naît le 17/01/2025. | He is born on January 17, 2025.
Il naît le 17/01/2025. | He is born on 17 January 2025.
Il naît le 17 janvier 2025. | He is born on Jan. 17, 2025.
Il naît le 17 janvier 2025. | He is born on 2025-01-17.
Il naît le 1er janvier. | He is born on January 1.
Il naît le 1er janv. 2024. | He is born on January 1st, 2024.
Il naît le premier mai. | He is born on May 1.
Il naît le lundi 17 janvier. | He is born on Monday, January 17.
Il naît en janvier 2025. | He is born in January 2025.
Il naît en mai. | He is born in May.
Il naît fin mars. | He is born at the end of March.
Du 3 au 5 mars, la ville dort. | From March 3 to 5, the town sleeps.
Les 17 et 18 mars, la ville dort. | On March 17 and 18, the town sleeps.
Les 17 et 18 mars, la ville dort. | On 17 and 18 March, the town sleeps.
Le 14 juillet, la ville dort. | On the 14th of July, the town sleeps.
Mardi, la ville dort. | On Tuesday, the town sleeps.
Chaque samedi, la ville dort. | The town sleeps on Saturdays.
Le 11 septembre 2001, tout change. | On September 11, 2001, everything changes.
Le 03.04.2024, tout change. | On April 3, 2024, everything changes.
La planète Mars est rouge. | The planet Mars is red.
Mais il peut venir. | But he may come.
Un homme est venu. | A man came.
"""

WRONG = """
Le groupe a levé 2,5 milliards d'euros. | The group raised €2.5 million. | number-changed
Le groupe a levé 2,5 milliards d'euros. | The group raised €2.4 billion. | number-changed
Le groupe a levé 2,5 milliards d'euros. | The group raised $2.5 billion. | currency-changed
Le groupe a levé 2,5 milliards d'euros. | The group raised 2.5 billion. | currency-changed
Le groupe a levé 2,5 milliards d'euros. | The group raised money. | number-missing
Le groupe a levé 2,5 Md€. | The group raised €2.5 million. | number-changed
Le plan coûte 3 M€. | The plan costs €3 billion. | number-changed
Le plan coûte 450 k€. | The plan costs €450. | number-changed
Le plan coûte 450 €. | The plan costs £450. | currency-changed
Le plan coûte 40 dollars canadiens. | The plan costs US$40. | currency-changed
Le plan coûte 200 livres sterling. | The plan costs €200. | currency-changed
Le billet coûte 1 200,50 €. | The ticket costs €1,200.05. | number-changed
Le billet coûte 1.200 euros. | The ticket costs 1.200 euros. | number-changed
Le billet coûte 1 200,50 €. | The ticket costs €12,000.50. | number-changed
Le litre coûte 1,899 euro. | A litre costs 1,899 euros. | number-changed
La ville compte 2.200.112 habitants. | The town has 2,200,12 inhabitants. | number-
La ville compte 220 000 habitants. | The town has 22,000 inhabitants. | number-changed
La ville compte 220 000 habitants. | The town has 220 inhabitants. | number-changed
La ville compte 220 000 habitants. | The town has inhabitants. | number-missing
La ville compte des habitants. | The town has 12,000 inhabitants. | number-added
La ville compte deux cent mille habitants. | The town has two thousand inhabitants. | number-changed
La ville compte un million et demi d'habitants. | The town has one million inhabitants. | number-changed
La ville compte un demi-million d'habitants. | The town has a million inhabitants. | number-changed
Le chômage touche 20 % des jeunes. | Unemployment affects 30% of young people. | percent-changed
Le chômage touche 20 % des jeunes. | Unemployment affects 20 young people. | percent-changed
Le chômage touche 20 jeunes. | Unemployment affects 20% of young people. | percent-changed
Le titre perd 4,3 %. | The share loses 43%. | percent-changed
La baisse est entre 20 et 30 %. | The fall is between 20 and 40%. | percent-changed
Il faut de 2 à 3 millions d'euros. | It takes 2 to 3 billion euros. | number-changed
Il a quatre-vingt-dix ans. | He is eighty years old. | number-changed
Il a quatre-vingt-dix ans. | He is 80. | number-changed
Elle a soixante et onze ans. | She is sixty-one. | number-changed
Elle a nonante ans. | She is nineteen. | number-changed
Elle a vingt et un ans. | She is twenty. | number-changed
Il y a une vingtaine de blessés. | There are about thirty injured. | number-changed
Il y a une centaine de blessés. | There are about a thousand injured. | number-changed
Deux tiers des élus ont voté. | Three quarters of the members voted. | number-changed
Un quart des élus ont voté. | A third of the members voted. | number-changed
La moitié des élus ont voté. | The members voted. | number-missing
Le dossard n° 12 a gagné. | Bib No. 21 won. | number-changed
Il finit 4e. | He finished fifth. | number-changed
Le palais date du XVIe siècle. | The palace dates from the 17th century. | number-changed
Les Bleus l'emportent 3-1. | The Blues won 3-2. | number-changed
Les Bleus l'emportent 3-1. | The Blues won 1-3. | number-changed
Le train part à 14 h 30. | The train leaves at 4:30 p.m. | number-changed
Le train part à 14 h 30. | The train leaves at 2:30 a.m. | number-changed
Le train part à 20 heures. | The train leaves at 10 p.m. | number-changed
Le train part à 7 h 05. | The train leaves at 7:50 a.m. | number-changed
Il reste un an et demi. | A year remains. | number-missing
Il reste dix-huit mois. | Eight months remain. | number-changed
Il fait -3 °C. | It is 3°C. | number-changed
Il mesure 1 m 80. | He is 1.08 metres tall. | number-changed
Appelez le 06 12 34 56 78. | Call 06 12 34 56 87. | number-changed
Les années 1990 furent rudes. | The 1980s were harsh. | number-changed
La guerre de 1939 commence. | The 1993 war begins. | number-changed
L'avion A320 décolle. | The A330 takes off. | number-changed
Il y a trois morts et cinq blessés. | Three people were killed and six injured. | number-changed
Il naît le 17/01/2025. | He is born on January 7, 2025. | date-changed
Il naît le 17 janvier. | He is born on January 7. | date-changed
Il naît le 17 janvier. | He is born on 17 February. | date-changed
Il naît le 17 janvier 2025. | He is born on January 17, 2024. | date-changed
Il naît le 02/03/2025. | He is born on February 3, 2025. | date-changed
Il naît en juin. | He is born in July. | date-changed
Il naît en juin. | He is born. | date-missing
Il naît lundi. | He is born on Tuesday. | date-changed
Il naît. | He is born on March 4. | date-added
Il naît le 1er avril. | He is born on April 11. | date-changed
"""


def _cases(table: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip(" ") for part in line.split(" | ")) for line in table.strip().splitlines()]


def _figures(french: str, english: str) -> list[str]:
    kinds = [difference.kind for difference in compare(french, "fr", english, "en")]
    return [kind for kind in kinds if kind.startswith(FIGURES)]


@pytest.mark.parametrize(("french", "english"), _cases(RIGHT))
def test_a_faithful_figure_raises_no_doubt(french: str, english: str) -> None:
    assert _figures(french, english) == []


@pytest.mark.parametrize(("french", "english", "kind"), _cases(WRONG))
def test_a_wrong_figure_is_caught_and_named_by_its_kind(french: str, english: str, kind: str) -> None:
    assert any(found.startswith(kind) for found in _figures(french, english))


def test_the_tables_are_large_enough_to_mean_something() -> None:
    assert len(set(_cases(RIGHT))) >= 150
    assert len(set(_cases(WRONG))) >= 60
