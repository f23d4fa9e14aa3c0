"""Invented people, streets, towns and hospitals for texts.py: many languages, and names that are words of radiology."""

GIVEN = """Aurelio Bronislava Chidinma Dagny Eleftheria Fioralba Gwendolen Hjalmar Ifeoma Jadwiga Katsuhiro Leocadia
Mbali Nkechi Oisin Parvaneh Quirin Radmila Saoirse Thibault Ulrike Vytautas Wilhelmina Xochitl Yevgenia Zbigniew Anneliese Baptiste
Concepcion Dimitrios Eszter Friedrich Giulietta Hyacinth Ingeborg Joaquin Kwabena Lioba Magdalena Nikolaos Octavia Przemek Rosalind
Siobhan Takumi Uchenna Vasilisa Wenceslas Yolanda Zenobia Ahmed Birgitta Camille Dhruv Esperanza Fatoumata Gretchen Hamid Isabella
Jorgen Kavita Lakshmi Mehmet Noor Olumide Priyanka Rashid Svetlana Tomasz Ursula Viktor Wanda Yusuf Zoltan John Mary Robert Linda
James Patricia Michael Susan David Karen""".split()

SURNAMES = """Abernathy Bjornstad Czerwinski Dragomirescu Ekwueme Featherstonehaugh Grzegorczyk Haverkamp Ingvarsson Jankovic
Kowalczyk Lindqvist Mkhize Nakagawa Okonkwo Papadimitriou Quisenberry Ramaswamy Szczepanski Tchaikovsky Uzunov Vandermeer
Wojciechowski Xiong Yilmaz Zimmermann Achterberg Bourguignon Castellanos Dvorak Eichelberger Fitzgibbon Gunawardena Hrdlicka
Iglesias Jaworski Khoury Lefebvre Montgomery Nikolaidis Oyelaran Petrosyan Quintanilla Rasmussen Schwarzenbach Takahashi
Umarov Villanueva Winterbottom Yamashita Zelenka Adeyemi Bhattacharya Chowdhury Delacroix Esterhazy Fukushima Gallagher Hohenstein
Ivanenko Jorgensen Kapoor Leclerc Mazurek Novotny Oberhauser Patel Rodriguez Sorensen Thorvaldsen Ulyanov Vasquez Weatherby
Smith Johnson Garcia Muller Schmidt Nguyen Kim Singh Rossi Dubois O'Brien D'Angelo McAllister Garcia-Lopez Smith-Jones
Müller-Lüdenscheidt Núñez Şahin Łukasik Håkansson""".split()

# Words of the vocabulary, or close to it, that people are called.
WORD_SURNAMES = """Young Long Hand White Brown Head Bone Low Short Small Case Cross Day Wall Field Stone Sharp Best Green Black Gray
Colon Foot Good Little Marker Root Fair Waters Parkinson Crohn Hope Love Frost Winter Bishop""".split()
WORD_GIVEN = "May Mark Will Frank Grace Hope Rose Faith Iris Dawn".split()

STREETS = """Hope Street|Maple Avenue|Old Mill Road|Church Lane|Kings Road|Sunset Boulevard|Elm Street|Park Lane|Spring Street|High Street|
Water Street|Oak Ridge Drive|Mountain View Road|North Main Street|Long Lane|Chestnut Avenue|River Road|Lindenstraße|Hauptstraße|
Goethestr.|Bahnhofstrasse|Schillerplatz|Berliner Allee""".replace("\n", "").split("|")
TOWNS = """Springfield Heidelberg Reading Bath Toulouse Guadalajara Stuttgart Boston Manchester Cork Lausanne Nottingham Essen Nice
Lincoln Worms Orange Orlando Uppsala Krakow""".split()
HOSPITALS = """Mercy Hospital|St. Mary's Medical Center|Good Hope Hospital|Memorial Sloan Clinic|Hope Clinic|Klinikum Stuttgart|
Riverside Hospital|St. Luke's Hospital|University Hospital of Lausanne|Hopital Saint-Louis|Universitätsklinikum Heidelberg|
Northside Imaging Center|Saint Joseph Medical Center|Karolinska Institute|Charité Berlin|Green Valley Hospital|Mount Sinai Hospital""".replace("\n", "").split("|")
MONTHS = "January February March April May June July August September October November December".split()
