"""Harmless sentences that hold a word, or a construction, of a fault: each was once told as one."""

from __future__ import annotations

import pytest

from tests.engine.lint.desk import checks, lint

HEEDED = {"Q03", "Q06", "Q08", "Q09", "Q10", "Q19", "Q20", "Q23", "Q24", "Q25", "Q30"}

EN = """\
We know you were looking forward to it.
I can imagine how that felt on a birthday.
I wish I had better news for you.
The part you need is in our Leeds store; they've put it aside with your first name on it.
You did exactly what the letter told you to do.
You couldn't have known; the notice was on the wrong door.
If you'd rather not wait, say so and we'll cancel at no cost.
You were right to call us and we were wrong to put the phone down.
It may take until Thursday; if it does, I'll say so here on Wednesday.
We've no excuse for this.
There's nothing more annoying than a tap that drips all night.
That isn't how we want to treat anyone.
Nobody should have to wait five hours with a broken wrist.
We thought the repair had worked. It hadn't.
The driver has told us he was in a hurry; that explains it and does not excuse it.
The recall covers batches made in June, so please don't use the charger.
Please keep the box: the courier needs it on Thursday.
You don't have to send anything back.
There was no need for you to pay that fee, and we've asked the bank to return it.
You asked three times and got three different answers.
It was our job to read the meter, not yours.
We never told you the pool would be closed.
You may be wondering why it took us so long.
I've read your review twice, and the second time it hurt more.
The manual has the steps in the wrong order.
I won't pretend that this was a small thing.
Let me explain what happened, without hiding anything.
Two people from our team are on their way to you.
In the end it was a parent who found the loose bolt, not us.
Thanks for taking the trouble to write it all down.
If anything is still unclear, ask me here.
Our opening hours on the door are wrong.
We'd love to have you back, but only once the noise is gone.
Just to be clear: you don't owe us a penny.
We hope your daughter is feeling better.
It's a small museum and we felt every word of this.
The discount you were promised is in the contract; the invoice missed it.
Whoever told you that was mistaken, and it came from us.
As promised, here is what we found out about the smell.
I understand if you'd rather go elsewhere.
The complaint is fair.
The app now asks before it deletes anything.
Is the light on the router green or red?
You can still comment here as before.
Next time you visit, ask for me and I'll show you round.
We're short of drivers this week; that is ours to solve and not yours.
Because of the strike at the port we don't know yet when the ship will leave.
The storm took the roof off our greenhouse.
That must have been a long night.
What a mess we made of your booking.
Poor instructions, poor packing: you're right on both.
The medication should be kept in the fridge, so please don't take the one that was delivered warm.
Our accountant will look at it on Monday.
Could you tell us which stop it was, roughly?
You'll get all of it back, including the postage.
The free parking you read about ended in 2023; our page still says otherwise.
We didn't answer because your mail sat in the wrong inbox.
That joke was not funny and I've taken it down.
Three of the five beds were dirty.
I'm the owner, and I was in the kitchen that night.
We're not going to argue with you about the soup.
I agree with you about the music.
You were told it was fixed. It isn't.
The lift is out until Friday; there's a ramp on the left.
So that you know when to expect him, he'll ring from the van.
Remove the filter, rinse it and put it back; the light goes out.
Delete the old profile and set it up again with the code on the card.
Take the cover down and keep it dry until we come.
Here is what happens when the part arrives.
It takes a day for the paint to dry.
Whoever still has an old charger can hand it in at any branch.
Your bank needs two working days after that.
Please allow a few minutes for the page to load.
You have until Friday to change the date.
You will need the receipt when you come in.
You only need to sign once.
You don't need to do anything else.
Don't use the heater until I've been.
Just bring the shoes in as they are.
If you had any costs because of this, keep the receipts for me.
Had we checked the address, this would not have happened.
You should never have been asked for that.
Your name should have been on the list.
You should see the difference on next month's bill.
You may have noticed that the music stopped at ten.
You could have been badly hurt.
You must have felt let down.
How long have you been waiting in total?
What did the person at the desk say to you, as far as you remember?
I can only imagine how tired you were.
We know this isn't the first time.
It's the second time this month, and that says something about our planning.
It was the wrong tool for the job.
Nobody at our desk told you about the fee.
I don't have an answer for you today.
I'd be angry too.
Anger is the right answer to a letter like ours.
We made a joke of it on the counter and that was out of place.
We're a team of four; that is a reason, not an excuse.
None of this is on you.
Most of your photos were saved, the ones from May were not.
Everyone who was on that train gets the same mail from me tonight.
People with a season ticket don't have to do anything.
The sauce contains nuts and the menu didn't say so.
At the moment we can't say when the bridge opens again.
We can't share the driver's name, and I hope you understand that.
We checked the camera: you were standing at the stop at 8:02, just as you said.
Our records show you paid on the 3rd, so the reminder was wrong.
It's good that you said so.
A good night's sleep was what you paid for.
You deserve a straight answer.
The vet, Dr Brandt, would like to see Bella once more.
Let's get you a seat by the window.
Please relax the straps before you lift the seat out.
The child seat has to face backwards; our photo shows it wrong.
No expert needed: turn the red knob to the left.
In fairness to you, the sign was behind a van.
That was a bad day for us and a worse one for you.
The code word for the gate is changed every night.
We'd be grateful for the photo you mentioned.
It must be hard to trust us after that.
The rubbish on your street was not collected on Monday.
The coffee was bitter because our grinder ran hot.
You are entitled to your money back.
Our inventory was wrong.
The cable was twisted inside the case.
The sound is distorted on channel 4.
The milk was spoilt when it reached you.
Our fraud team blocked your card by mistake.
There was bullying in the group and our coach looked away.
The smell in the stairwell was disgusting, and we left it for a week.
It was a stupid mistake of mine.
The science fiction shelf moved and nobody put up a sign.
A wasp sting in your drink, that's a horrible shock.
You got a cheap mattress for a dear price.
The driver was rude to you and has apologised to me; that apology belongs to you.
We lied to nobody, but we told you too late.
The false alarm came from our own sensor.
Stop the machine with the red button, please.
Stop using the heater until we've seen it.
Your expectations were perfectly fair.
The dye leaked and ruined your white shirt.
The trainee cut you off; I should have sat beside him.
We were asleep at the wheel here.
You've every reason to complain.
Nobody likes to be lied to.
The award on our door doesn't help you with a cold soup.
The sign says 24 hours; the door was locked at nine.
We'd rather hear it from you than read it in the paper.
Your son was brave, and the nurse told me so.
How are you coping without a fridge?
We won't fob you off with a voucher.
I'd like to hear from you how he's doing.
There's a gift shop in the way of the exit, and that is a problem for wheelchairs.
The free trial ended on the 3rd and we charged you on the 2nd.
We sold you a free-range egg that wasn't.
It's half past four already and the technician still isn't with you.
The warehouse says Thursday; I'll believe it when I see the scan.
Perhaps the carrier knows more; I'm asking them at 2 pm.
It may be the pump, it may be the valve: we don't know yet.
I think you're right about the invoice.
You probably want to know when the water comes back.
The post you mean is still up.
We have deleted the photo, as you asked.
You can change your review whenever you like; that's up to you.
We'd be glad of an update from you when it's repaired.
The stars on the box mean energy class, and ours was printed wrong.
Reserve a right-hand seat and the view is better.
Terms like "early bird" confused a lot of people.
The paragraph about pets was missing.
As agreed with your daughter, I've kept the room as it was.
The old lady at the next table was our owner's aunt.
Women's sizes run small in this batch.
Seniors travel free after nine, and our machine charged you.
In your age group the dose is half, and we gave you the full one.
The spelling of your surname is wrong on the ticket, sorry.
"""

NL = """\
We weten hoe je ernaar had uitgekeken.
Ik kan me voorstellen hoe dat voelde op je verjaardag.
Je hebt meer geduld gehad dan we mochten vragen.
Ik had je liever beter nieuws gebracht.
Het onderdeel ligt in ons filiaal in Breda; het staat apart met je voornaam erop.
Je hebt precies gedaan wat er in de brief stond.
Je kon het niet weten, het briefje hing op de verkeerde deur.
Wacht je liever niet, zeg het dan en we annuleren zonder kosten.
Je belde terecht en wij hadden niet mogen ophangen.
Het kan tot donderdag duren; is dat zo, dan zeg ik het woensdag hier.
Hier hebben we geen excuus voor.
Niets zo vervelend als een kraan die de hele nacht druppelt.
Zo willen we met niemand omgaan.
Niemand zou vijf uur met een gebroken pols moeten wachten.
We dachten dat de reparatie gelukt was. Dat was niet zo.
De chauffeur zegt dat hij haast had; dat verklaart het en praat het niet goed.
De terugroepactie geldt voor juni, dus gebruik de lader niet meer.
Bewaar de doos nog even, de koerier heeft hem donderdag nodig.
Je hoeft niets terug te sturen.
Die kosten had je nooit hoeven betalen.
Je vroeg het drie keer en kreeg drie verschillende antwoorden.
De meter opnemen was onze taak, niet die van jou.
We hebben je nooit verteld dat het zwembad dicht zou zijn.
Je vraagt je misschien af waarom het zo lang duurde.
Ik heb je review twee keer gelezen en de tweede keer deed het meer pijn.
In de handleiding staan de stappen in de verkeerde volgorde.
Ik ga niet doen alsof dit iets kleins was.
Ik leg graag uit wat er misging, zonder iets te verzwijgen.
Twee collega's zijn naar je onderweg.
Uiteindelijk vond een ouder de losse bout, en niet wij.
Is er nog iets onduidelijk, vraag het me gerust hier.
De openingstijden op de deur kloppen niet.
We zien je graag terug, maar pas als het lawaai weg is.
Voor alle duidelijkheid: je bent ons geen cent verschuldigd.
We zijn een klein museum en voelden elk woord.
De beloofde korting staat in het contract; op de factuur ontbreekt hij.
Wie je dat verteld heeft had het mis, en dat kwam van ons.
Zoals beloofd hoor je hier wat we over de stank te weten kwamen.
Ik snap het als je liever ergens anders heen gaat.
Je klacht is terecht.
De app vraagt het nu eerst voordat er iets gewist wordt.
Brandt het lampje van de router groen of rood?
Je kunt hier gewoon blijven reageren.
Vraag de volgende keer naar mij, dan leid ik je rond.
We hebben deze week te weinig chauffeurs; dat is ons probleem en niet het jouwe.
Door de staking in de haven weten we nog niet wanneer het schip vertrekt.
De storm heeft het dak van onze kas gerukt.
Dat moet een lange nacht zijn geweest.
Wat hebben we er een puinhoop van gemaakt met je boeking.
Onduidelijke uitleg, slechte verpakking: je hebt op beide punten gelijk.
Het medicijn moet in de koelkast, dus gebruik het niet als het warm is bezorgd.
Onze boekhouder kijkt er maandag naar.
Kun je ongeveer zeggen welke halte het was?
Je krijgt alles terug, ook de verzendkosten.
Het gratis parkeren waar je over las stopte in 2023; onze pagina zegt nog iets anders.
We antwoordden niet omdat je mail in de verkeerde map zat.
Die grap was niet leuk en ik heb hem weggehaald.
Drie van de vijf bedden waren vies.
Ik ben de eigenaar en stond die avond zelf in de keuken.
We gaan met jou niet in discussie over de soep.
Over de muziek ben ik het met je eens.
Ze zeiden dat het opgelost was. Dat is het niet.
De lift is stuk tot vrijdag; links is een hellingbaan.
Laat het ons rustig weten als je nog iets mist.
Geef maar aan wat je het beste uitkomt.
Graag gedaan, en groet aan je vader.
Speciaal voor dit soort gevallen hebben we nu een vaste monteur.
Je had gelijk: hij was niet waterdicht.
We begrijpen goed dat je er klaar mee was.
Denk gerust na over wat je wilt.
Dan weet je wanneer je hem kunt verwachten: hij belt vanuit de bus.
Haal het filter eruit, spoel het af en zet het terug; het lampje gaat uit.
Verwijder eerst het oude profiel en stel het opnieuw in met de code op je kaart.
Haal het zeil weg en houd het droog tot we komen.
Zo gaat het verder als het onderdeel er is.
Het duurt een dag voor de verf droog is.
Wie nog een oude lader heeft, kan hem in elk filiaal inleveren.
Je bank heeft daarna nog twee werkdagen nodig.
Je hebt tot vrijdag om de datum te wijzigen.
Je hebt de bon nodig als je langskomt.
Je hoeft maar één keer te tekenen.
Verder hoef je niets te doen.
Gebruik de kachel niet tot ik geweest ben.
Neem de schoenen gewoon mee zoals ze zijn.
Heb je hierdoor kosten gemaakt, bewaar dan de bonnen voor me.
Hadden wij het adres nagekeken, dan was dit niet gebeurd.
Het lag niet aan jou.
Dat hadden ze je nooit mogen vragen.
Jouw naam had op de lijst moeten staan.
Je ziet het verschil op de rekening van volgende maand.
Je hebt misschien gemerkt dat de muziek om tien uur stopte.
Je had zwaar gewond kunnen raken.
Je moet je wel in de steek gelaten hebben gevoeld.
Hoe lang heb je in totaal gewacht?
Wat zei de medewerker precies tegen je, voor zover je dat nog weet?
Ik snap goed hoe moe je was.
We weten dat dit niet de eerste keer is.
Het is de tweede keer deze maand en dat zegt iets over onze planning.
Niemand aan de balie heeft je over de toeslag verteld.
Een antwoord heb ik vandaag nog niet voor je.
Ik zou ook boos zijn.
We zijn met zijn vieren; dat is een reden en geen excuus.
Niets hiervan ligt aan jou.
De meeste foto's zijn bewaard, die van mei niet.
Iedereen die in die trein zat krijgt vanavond dezelfde mail van mij.
Mensen met een jaarkaart hoeven niets te doen.
In de saus zitten noten en dat stond niet op de kaart.
We kunnen nu nog niet zeggen wanneer de brug weer opengaat.
De naam van de chauffeur delen we niet, dat begrijp je hopelijk.
We hebben de camera bekeken: je stond om 8.02 uur bij de halte, precies zoals je zei.
Volgens onze administratie heb je op de 3e betaald, de herinnering was dus fout.
Je hebt veel te lang op antwoord moeten wachten.
Goed dat je het zegt.
Je hebt recht op een eerlijk antwoord.
De dierenarts, Brandt, wil Bella graag nog één keer zien.
Maak de riemen los voor je het stoeltje eruit tilt.
Het kinderzitje moet achterstevoren; op onze foto staat het verkeerd.
Draai de rode knop naar links, meer is het niet.
Beste Priya en Tom, dank dat jullie allebei geschreven hebben.
Het bord stond achter een busje, dus je kon het niet zien.
Dat was een slechte dag voor ons en een nog slechtere voor jou.
Graag zou ik de foto zien waar je het over had.
Het zal niet meevallen om ons daarna nog te vertrouwen.
Pas op met de onderste tree, die zit nog los.
Ik houd het op vrijdag, dan ben je thuis.
Er is niemand die je dat heeft gevraagd en dat had wel gemoeten.
Je hebt zelf al gedaan wat je kon.
Op die leeftijd is zo'n val echt schrikken.
Wat een vervelende avond is dat geworden.
Wat erg dat je kat er ziek van werd.
Arme hond, vier uur in een warme bus: dat had niet mogen gebeuren.
Hoe kom je het beste bij ons? Neem lijn 3 tot het plein.
Je kunt vandaag nog naar huis, en wij brengen je fiets na.
Zonder jou hadden we het lek niet gevonden, dank je.
Het is te gek voor woorden dat je drie keer moest bellen.
Het vuilnis in je straat is maandag niet opgehaald.
De koffie was bitter omdat onze molen te heet liep.
Je hebt recht op je geld.
Onze voorraad klopte niet.
De kabel zat verdraaid in de kast.
De melk was bedorven toen hij bij je kwam.
Ons fraudeteam heeft je kaart per ongeluk geblokkeerd.
Er gaan nepmails rond in onze naam; klik niet op de link.
Er werd gepest in de groep en onze trainer keek weg.
De stank in het trappenhuis was walgelijk en wij lieten het een week zitten.
Het was een stomme fout van mij.
Een wesp in je drankje, wat een schrik.
De chauffeur was onbeschoft tegen je en heeft mij zijn excuses aangeboden; die horen bij jou.
De rechter heeft nog niets beslist over de oude lift.
We hebben niet gelogen, maar we vertelden het je te laat.
Het valse alarm kwam van onze eigen melder.
Stop met de kachel tot wij hem gezien hebben.
Je verwachtingen waren heel redelijk.
De kleurstof lekte en je witte shirt is verpest.
Je hebt alle reden om te klagen.
Niemand wil voorgelogen worden.
De prijs op onze deur helpt je niet bij koude soep.
Op het bord staat 24 uur; de deur was om negen uur op slot.
Je zoon was dapper, dat vertelde de verpleegkundige me.
Hoe red je het zonder koelkast?
We schepen je niet af met een tegoedbon.
Ik hoor graag van je hoe het met hem gaat.
De gratis proefperiode liep tot de 3e en wij schreven op de 2e af.
Het magazijn zegt donderdag; ik geloof het pas als ik de scan zie.
Misschien weet de vervoerder meer; ik vraag het ze om 14.00 uur.
Het kan de pomp zijn of de klep: dat weten we nog niet.
Ik denk dat je gelijk hebt over de factuur.
Je wilt vast weten wanneer het water terugkomt.
Je bericht staat er nog gewoon.
Je mag je review altijd aanpassen, dat is aan jou.
Laat het ons gerust weten als hij gerepareerd is.
De sterren op de doos staan voor de energieklasse en die klopte niet.
Vak 3 van de parkeergarage is dicht.
De alinea over huisdieren ontbrak.
Zoals met je dochter afgesproken heb ik de kamer gelaten zoals hij was.
De damesmaten vallen klein in deze partij.
Senioren reizen na negen uur gratis en onze automaat rekende toch.
Bij jouw leeftijd hoort de halve dosis en wij gaven je de hele.
Je achternaam staat verkeerd gespeld op het ticket, sorry.
Daar had je niet voor hoeven bellen.
Het was druk en wij hadden te weinig mensen ingeroosterd; dat is onze zaak.
Voor die prijs mag je meer verwachten.
Het hoort erbij dat wij dat uitleggen, en dat is niet gebeurd.
Iedereen in de bus moest staan.
Veel klanten hebben hetzelfde gemeld, je bent niet de enige.
De eerste melding kwam dinsdag en wij deden er niets mee.
Ons systeem werkt niet zoals het hoort.
Zoals je al schreef: de lamp hing scheef.
Je hebt niets fout gedaan.
Jij hebt het goed ingevuld, wij hebben het verkeerd gelezen.
Wat had je liever gehad: je geld of een nieuwe?
Wil je dat ik je bel of schrijf ik je liever?
Ik heb je niet vergeten.
Dank je wel dat je zo eerlijk bent.
"""

CASES = [(lang, line) for lang, text in (("en", EN), ("nl", NL)) for line in text.splitlines()]


@pytest.mark.parametrize(("lang", "sentence"), CASES)
def test_a_harmless_sentence_is_no_fault(lang: str, sentence: str) -> None:
    result = lint(sentence, lang=lang, severity="high", address="je" if lang == "nl" else None)
    assert not checks(result, "block", "warn") & HEEDED
