"""Names of many cultures, as words: the well-known ones of each, in the order of how common they are.

Invariants: a word is a name, `_` stands for a space in it; `=38` is its share in per cent, and the words without one
share the rest, each less than the one before. General knowledge about names, no list of any persons.
"""

from typing import Final

FAMILY: Final = {
    "hispanic": """
        García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Cruz
        Morales Reyes Gutiérrez Ortiz Ramos Jiménez Ruiz Álvarez Mendoza Castillo Vásquez Romero Moreno Herrera
        Medina Aguilar Vargas Castro Guzmán Muñoz Méndez Salazar Soto Delgado Rojas Ortega Núñez Peña Guerrero
        Contreras Domínguez Sandoval Estrada Ríos Vega Silva Espinoza Maldonado Cortés Navarro Campos Juárez Acosta
        Fuentes Luna Valdez Miranda Molina Cabrera Santos Ibarra Padilla Zamora Salinas Barrera Rosales Villarreal
        De_la_Cruz De_León Del_Río Avendaño Quiroga Zúñiga Echeverría Bustamante""",
    "vietnamese": """
        Nguyễn=38 Trần=11 Lê=9.5 Phạm=7 Huỳnh=5 Phan=4.5 Vũ=3.9 Võ=3 Đặng=2.1 Bùi=2 Đỗ=1.4 Hồ=1.3 Ngô=1.3 Dương=1
        Lý=.5 Đinh Lâm Mai Trịnh Đoàn Hà Cao Tạ Châu Tống Lương Thái Quách""",
    "chinese": """
        Wang=7.2 Li=7 Zhang=6.6 Liu=5 Chen=5.6 Yang=3 Huang=2.6 Zhao=2 Wu=2.4 Zhou=2 Wong=3 Chan=3 Lee=2 Lam=1.6
        Cheung=1.6 Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang Deng Han Feng Cao Peng Zeng Xiao
        Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Shen Yao Leung Ho Ng Lau Kwok Yeung Chow Tsang
        Fung Mak Poon Ouyang Sze-To Au-Yeung""",
    "korean": """
        Kim=21.5 Lee=14.7 Park=8.4 Choi=4.7 Jung=4.3 Kang=2.4 Cho=2.1 Yoon=2.1 Jang=2 Lim=1.7 Han=1.5 Oh=1.5 Seo=1.5
        Shin=1.4 Kwon=1.4 Hwang=1.3 Ahn=1.3 Song=1.3 Yoo=1.2 Hong=1.1 Jeon Ko Moon Son Yang Bae Baek Heo Nam Shim Noh
        Ha Joo Koo Min Ryu Na Jin Ji Um Chae Won Chun Bang Kong Hyun""",
    "arabic": """
        Ahmed Ali Hassan Mohamed Hussein Ibrahim Khalil Haddad Khoury Mansour Saleh Nasser Hamdan Abdullah Rahman
        Aziz Karim Farah Nassar Darwish Shaheen Qasim Hamid Jaber Najjar Sabbagh Masri Halabi Shami Baghdadi Tamimi
        Zahrani Harbi Qahtani Ghamdi Otaibi Shehri Rashid Salem Fahmy Bakr Sayed Younes Zaki Amin Issa Daher Saad
        Kassem Fares Barakat Hijazi Sleiman Taleb Zein Omar Osman Warsame Abdi Jama Abbas Adam Akram Atallah Awad
        Ayoub Badawi Bashir Bitar Chahine Dabbagh Dawood Elias Fadel Fakhoury Ghanem Habib Hakim Hammoud Harb Hashem
        Hijazi Idris Jabbour Kanaan Karam Kattan Maalouf Madi Makki Mahmoud Marwan Mourad Mubarak Mustafa Nahas Naji
        Nassif Obeid Qureshi Rahal Ramadan Sabra Safadi Salameh Samara Sarkis Shaaban Sharif Suleiman Tannous Turki
        Wahab Yassin Youssef Zaher Zidan Ziadeh""",
    "south_asian": """
        Patel=12 Sharma=5 Kumar=5 Khan=6 Shah=4 Gupta Reddy Rao Nair Iyer Menon Pillai Das Mehta Joshi Desai Verma
        Mishra Agarwal Jain Chowdhury Rahman Begum Hussain Akhtar Malik Iqbal Mukherjee Banerjee Chatterjee Ghosh
        Bose Sen Roy Dutta Naidu Krishnan Subramaniam Venkatesan Perera Fernando Silva Jayawardena Thapa Gurung Rai
        Shrestha Bhatt Trivedi Kapoor Malhotra Chopra Khanna Bhatia Saxena Srivastava Tiwari Pandey Siddiqui Qureshi""",
    "sikh": """
        Singh=45 Gill=6 Dhillon=5 Sandhu=5 Sidhu=5 Grewal Brar Bains Sahota Dhaliwal Mann Johal Deol Virk Hundal
        Randhawa Cheema Bhullar Atwal Uppal Basra Aulakh Toor Bhatti""",
    "slavic": """
        Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski
        Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Pawłowski Michalski Król Wieczorek
        Jabłoński Wróbel Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Górski Sikora Ivanov
        Smirnov Kuznetsov Popov Vasiliev Petrov Sokolov Mikhailov Novikov Fedorov Morozov Volkov Alekseev Lebedev
        Semenov Egorov Pavlov Kozlov Stepanov Orlov Shevchenko Bondarenko Kovalenko Boyko Tkachenko Kravchenko Melnyk
        Horvat Kovačević Babić Marić Jurić Novák Svoboda Novotný Dvořák Černý Procházka Kučera Veselý Horák Petrović
        Jovanović Nikolić Ilić Marković Đorđević Stojanović""",
    "greek": """
        Papadopoulos Vlachos Angelopoulos Nikolaidis Georgiou Papageorgiou Dimitriou Oikonomou Papadakis Karagiannis
        Makris Christodoulou Konstantinou Ioannidis Alexiou Samaras Pappas Kostas Theodorou Panagopoulos
        Triantafyllou Antoniou Athanasiou Petridis Kontos Michailidis Stavrou Zervas Manolis Hatzis Galanis
        Lambropoulos Economopoulos Anastasiou Vasilakis Kalogeropoulos""",
    "portuguese": """
        da_Silva=9 dos_Santos=5 Oliveira=4 Souza=3.5 Pereira=3 Ferreira=3 Costa=3 Rodrigues=3 Almeida Nascimento
        Alves Carvalho Araújo Ribeiro Lima Gomes Martins Rocha Barbosa Cardoso Teixeira Correia Cavalcanti Dias
        Castro Moreira Melo Freitas Moura Mendes Nunes Vieira Monteiro Moraes Batista Campos Cruz Pinto Lopes
        Fernandes Gonçalves Neves Machado Fonseca Assunção Brandão Simões Magalhães de_Sousa da_Costa do_Carmo""",
    "turkish": """
        Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç
        Kurt Özkan Şimşek Polat Korkmaz Çakır Erdoğan Yavuz Acar Güneş Aktaş Avcı Bulut Keskin Ünal Güler Turan Taş
        Tekin Aksoy Işık Yalçın Bozkurt Özer Karaca""",
    "german": """
        Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein
        Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier
        Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller
        Weiß Jung Hahn Vogel Friedrich Günther Keller Frank Roth Böhm von_Berg Lüdecke Großmann""",
    "nordic": """
        Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Nielsen Christensen Rasmussen
        Sørensen Jørgensen Madsen Møller Andersson Johansson Karlsson Nilsson Eriksson Svensson Pettersson Lindström
        Lindqvist Bergström Sjöberg Åberg Håkansson Öberg Virtanen Korhonen Mäkinen Nieminen Mäkelä Hämäläinen Bakken
        Haugen Bjørnstad Ødegård Østby""",
    "pacific": """
        Parata Ngata Tamihere Henare Te_Rangi Te_Hira Waititi Herangi Kereama Paki Rangi Tāmati Wīhongi Ruatapu
        Horomona Manihera Tautahi Poutū Leota Tuilagi Faleolo Leavasa Tuimaualuga Fa'alogo Lealaiauloto Toleafoa
        Va'ai Su'a Ioane Leiataua Tuala Tupou Fifita Taufa Vunipola Latu Kaufusi Moala Folau Havili Finau Tonga
        Mataele Kefu""",
    "african": """
        Okafor Adeyemi Okonkwo Eze Nwosu Okoro Balogun Adebayo Ogunleye Obi Chukwu Mensah Owusu Boateng Asante Osei
        Appiah Agyeman Amoah Diallo Traoré Keita Diop Ndiaye Sow Ba Kamara Sesay Conteh Bangura Tesfaye Haile Bekele
        Gebre Mulugeta Mwangi Kamau Otieno Njoroge Moyo Ncube Dlamini Nkosi Ndlovu Banda Phiri Deng Garang Akol""",
    "celtic": """
        O'Brien O'Connor O'Neill O'Sullivan O'Reilly O'Keefe O'Donnell O'Leary McDonald McCarthy McLean McKenzie
        McGrath MacDonald MacLeod MacGregor McIntyre McMahon McLaughlin D'Arcy Fitzgerald Fitzpatrick St_John Ap_Rhys
        Llewellyn Ní_Dhomhnaill Ó_Briain Mac_Giolla""",
    "french": """
        Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garcia
        David Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert Bonnet François
        Martinez Legrand Garnier Faure Rousseau Blanc Guérin Müller Henry Roussel Nicolas Perrin Tremblay Gagnon Côté
        Bouchard Gauthier Pelletier Bélanger St-Pierre Desrosiers D'Amours L'Écuyer""",
    "italian": """
        Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca Mancini
        Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini
        Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola De_Santis D'Angelo Marchetti Parisi Villa Conte
        Ferraro Di_Stefano Lo_Presti D'Amico""",
    "dutch": """
        de_Jong Jansen de_Vries van_den_Berg Bakker van_Dijk Visser Janssen Smit Meijer de_Boer Mulder de_Groot Bos
        Vos Peters Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra Smits de_Graaf van_der_Meer van_der_Linden Kok
        Jacobs de_Haan Vermeulen van_den_Heuvel van_der_Veen van_den_Broek de_Bruijn van_der_Heijden Schouten
        van_Beek Willems van_Vliet van_de_Ven Hoekstra Maas Verhoeven Koster van_Dam Prins Blom Huisman ter_Horst
        van_'t_Hof""",
    "han": "王=7 李=7 张=7 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗",
    "hangul": "김=21 이=15 박=8 최 정 강 조 윤 장 임 한 오 서 신 권 황",
    "cyrillic": "Иванов Смирнов Кузнецов Попов Соколов Лебедев Козлов Новиков Морозов Петров Волков Шевченко Бойко",
    "greek_script": "Παπαδόπουλος Βλάχος Αγγελόπουλος Νικολαΐδης Γεωργίου Δημητρίου Οικονόμου Παπαδάκης Μακρής",
    "arabic_script": "حداد خوري منصور صالح الأحمد الحسن العلي محمود إبراهيم حسين الشامي",
}
"""Culture → family names. `native` names are those written in a script of their own."""

FEMALE: Final = {
    "hispanic": """
        Sofía María Valentina Camila Isabella Lucía Ximena Daniela Victoria Andrea Fernanda Natalia Gabriela Mariana
        Alejandra Ana Guadalupe Renata Regina Elena Paola Carolina Mónica Adriana Jimena Paula Sara Emilia Julieta
        Luz Ana_María María_José María_Fernanda Ana_Sofía Luz_María Esperanza Dolores Inés Belén Rocío""",
    "vietnamese": """
        Anh Linh Thảo Trang Hương Ngọc Vy Mai Lan Phương Hà Hằng Nhi My Thủy Yến Quỳnh Trâm Thư Uyên Ngân Châu Tuyết
        Hiền Hoa Kim Diệp Bích Nga Loan Tâm Minh_Anh Bảo_Ngọc Phương_Anh Khánh_Linh Thùy_Linh Kim_Ngân""",
    "south_asian": """
        Aaradhya Ananya Aanya Diya Priya Anika Saanvi Isha Kavya Pooja Neha Riya Shreya Meera Nisha Anjali Aisha
        Fatima Zara Lakshmi Divya Sneha Tanvi Aditi Ishita Nandini Sanjana Swati Rani Sunita Amina Nadia Sana Mahnoor
        Hafsa Tara Pallavi Deepa Radhika Vidya""",
    "sikh": """
        Simran Harpreet Manpreet Jasleen Gurleen Navneet Kiranjit Amrit Jaspreet Harleen Ravneet Prabhjot Sukhmani
        Mehak Avneet Gurpreet Rajvir Sehaj Komal Anmol""",
    "arabic": """
        Fatima Aisha Mariam Zainab Layla Noor Sara Hana Yasmin Amina Khadija Salma Huda Rania Dina Lina Maya Jana
        Malak Farah Nadia Samira Rasha Ruqayya Asma Sumaya Hafsa Iman Dalia Reem Nour Lamia Mona Nada Hiba Aya Amal
        Areej Basma Batoul Bushra Dana Dua Fadia Fariha Ghada Habiba Hala Halima Hanan Israa Jamila Joud Juwayriya
        Lubna Lujain Maha Manal Maryam Maymuna Mira Munira Najwa Nawal Rabia Raghad Rahma Rawan Razan Rim Rubina
        Sahar Safiya Sakina Samar Sawsan Shahd Shaima Sidra Suad Suhaila Tala Tasnim Wafa Widad Yara Zahra""",
    "slavic": """
        Julia Zuzanna Zofia Maja Hanna Lena Alicja Oliwia Maria Amelia Aleksandra Wiktoria Natalia Małgorzata
        Agnieszka Katarzyna Anastasia Sofia Ekaterina Daria Polina Ksenia Yulia Tatiana Olga Irina Svetlana Oksana
        Nataliya Lucie Tereza Eliška Kristýna Petra Ivana Jelena Milica Ana Mila Dragana""",
    "greek": """
        Maria Eleni Aikaterini Vasiliki Sofia Angeliki Georgia Dimitra Konstantina Ioanna Anna Christina Despina
        Eirini Evangelia Panagiota Zoi Kalliopi Athina Anastasia Chrysoula Stavroula Foteini""",
    "portuguese": """
        Maria Ana Beatriz Mariana Júlia Sofia Laura Alice Helena Valentina Luiza Isabela Larissa Letícia Gabriela
        Camila Fernanda Bruna Vitória Rafaela Manuela Maria_Eduarda Ana_Clara Maria_Clara Ana_Luiza Lívia Antônia
        Conceição Inês Catarina""",
    "turkish": """
        Zeynep Elif Defne Ayşe Fatma Emine Hatice Merve Esra Büşra Eylül Nehir Azra Ecrin Yağmur İrem Selin Melis
        Ceren Gizem Özge Derya Sevgi Hira Asya Duru Ebru Gülşen""",
    "german": """
        Emma Mia Hannah Sophia Anna Lea Lena Leonie Marie Clara Johanna Charlotte Frieda Greta Ida Mathilda Lina
        Amelie Jana Katharina Franziska Theresa Luisa Antonia Pauline Nele Merle Svenja Käthe""",
    "nordic": """
        Nora Emma Ella Maja Olivia Emilie Sofie Ingrid Astrid Freja Ida Alma Saga Linnéa Elsa Wilma Signe Sigrid Åse
        Solveig Maiken Tuva Frida Aino Helmi Venla Bjørg Runa Åsa Märta""",
    "pacific": """
        Aroha Mere Ngaire Hinemoa Kiri Moana Marama Anahera Manaia Maia Hana Tia Whetu Ataahua Lagi Sina Lupe Teuila
        Fetu Masina Leilani Malia Losa Ana Mele Seini Salote Lavinia Ofa Talia""",
    "african": """
        Chidinma Ngozi Amara Adaeze Ifeoma Folake Yetunde Temitope Abena Akosua Ama Efua Adwoa Fatou Aminata Mariama
        Aïssatou Hawa Selam Hiwot Bethlehem Meron Wanjiru Akinyi Nyambura Thandiwe Nomsa Lerato Zanele Achol
        Nyandeng""",
    "celtic": """
        Aoife Saoirse Niamh Ciara Caoimhe Róisín Sinéad Orla Siobhán Éabha Fiadh Clodagh Gráinne Maeve Eilidh Isla
        Morag Catriona Ailsa Carys Ffion Seren Megan Bronwen Angharad""",
    "french": """
        Emma Jade Louise Alice Chloé Léa Manon Inès Camille Zoé Sarah Juliette Anna Lucie Éva Romane Agathe Clémence
        Océane Noémie Anaïs Élise Maëlle Marie-Ève Anne-Sophie Océane Mélanie Aurélie Geneviève""",
    "italian": """
        Sofia Giulia Aurora Alice Ginevra Emma Giorgia Greta Beatrice Anna Chiara Martina Francesca Elena Gaia Bianca
        Matilde Camilla Noemi Ludovica Vittoria Rosa Lucia Caterina Arianna""",
    "dutch": """
        Emma Julia Mila Sophie Zoë Tess Sara Nora Evi Lotte Eva Saar Fleur Noor Lieke Anouk Sanne Femke Maud Roos Isa
        Fenna Liesbeth Anne-Marijn Floor""",
    "han": "婷 雪 欣怡 美玲 丽 静 芳 敏 思远 雨桐 诗涵 佳琪",
    "hangul": "지우 서연 민서 하은 수빈 지민 예은 채원 다은 서현",
    "cyrillic": "Анна Мария Елена Ольга Дарья Анастасия Полина София Екатерина Оксана",
    "greek_script": "Μαρία Ελένη Σοφία Κατερίνα Βασιλική Γεωργία Ιωάννα Δήμητρα",
    "arabic_script": "فاطمة مريم زينب ليلى سارة نور هدى أمينة",
}
"""Culture → given names of girls; Chinese and Korean ones are made of syllables."""

MALE: Final = {
    "hispanic": """
        Santiago Mateo Sebastián Diego Alejandro Luis Carlos José Juan Ángel Jesús Miguel Daniel David Fernando Jorge
        Ricardo Eduardo Andrés Gabriel Emiliano Leonardo Antonio Francisco Manuel Javier Rafael Óscar Iván Héctor
        José_Luis Juan_Carlos Juan_Pablo Luis_Ángel Miguel_Ángel José_María Martín Tomás Adrián Raúl""",
    "vietnamese": """
        Anh Minh Huy Khang Bảo Khoa Phúc Long Nam Đức Dũng Hùng Tuấn Quân Hoàng Nhật Khôi Thịnh Phát Kiên Sơn Tùng
        Hải Trung Hiếu Bình Cường Duy Vinh Lộc Gia_Bảo Minh_Khang Đức_Anh Quang_Huy Tuấn_Anh Hoàng_Long""",
    "south_asian": """
        Aarav Arjun Vivaan Aditya Vihaan Rohan Krishna Ishaan Rahul Amit Raj Vikram Sanjay Nikhil Karthik Siddharth
        Dev Kabir Ayaan Mohammed Muhammad Imran Hamza Bilal Zain Usman Ravi Suresh Anand Pranav Tejas Varun Harsh
        Yash Omar Ibrahim Faisal Naveen Ganesh Hari""",
    "sikh": """
        Arjan Gurpreet Harjit Jaskaran Manjot Sukhdeep Amandeep Ranjit Balraj Harman Karanveer Jovan Avtar Gurdeep
        Kuldeep Prabhdeep Tejinder Jagdeep Rajvir Amrit""",
    "arabic": """
        Mohammed=12 Ahmed=6 Ali=5 Omar=4 Youssef=4 Ibrahim Hassan Hussein Khalid Abdullah Mustafa Mahmoud Karim Hamza
        Bilal Tariq Samir Ziad Rami Amir Jamal Faisal Nasser Yahya Zakaria Ismail Idris Anas Adam Kareem Abdul_Rahman
        Abdelrahman Saif Malik Rayan Yasin Salman Sami Fadi Adel Ammar Anwar Ashraf Ayman Aziz Basil Bashar Daoud
        Emad Fahad Farid Firas Ghassan Habib Hadi Haitham Hakim Harun Hatem Hisham Husam Imad Issa Iyad Jaafar Jad
        Kamal Laith Luqman Majid Mansour Marwan Mazen Mohsen Munir Musab Musa Nabil Nadim Naeem Omran Osama Qais Raed
        Rashid Ridwan Saad Safwan Said Saleem Shadi Sohail Suleiman Taha Talal Thamer Ubaid Wael Waleed Yazan Younes
        Zaid""",
    "slavic": """
        Antoni Jakub Jan Szymon Aleksander Franciszek Filip Mikołaj Wojciech Kacper Adam Michał Paweł Łukasz
        Krzysztof Tomasz Piotr Aleksandr Dmitri Maksim Ivan Artem Mikhail Nikita Sergei Alexei Andrei Yuri Vladimir
        Oleksandr Bohdan Matěj Tomáš Ondřej Vojtěch Luka Nikola Stefan Marko Željko""",
    "greek": """
        Georgios Konstantinos Ioannis Dimitrios Nikolaos Panagiotis Vasileios Christos Athanasios Michail Evangelos
        Spyridon Antonios Anastasios Theodoros Andreas Alexandros Charalampos Stavros Petros Angelos""",
    "portuguese": """
        Miguel Arthur Gabriel Heitor Davi Bernardo Lucas Pedro Matheus Rafael João Guilherme Gustavo Felipe Henrique
        Enzo Vinícius Thiago Bruno Caio João_Pedro João_Miguel Pedro_Henrique Tiago Rodrigo Antônio José Luís Mário
        Duarte""",
    "turkish": """
        Yusuf Mustafa Ömer Mehmet Ahmet Ali Emir Eymen Mert Kerem Berat Miraç Hüseyin İbrahim Emre Burak Arda Çınar
        Ayaz Deniz Kaan Umut Can Efe Görkem Oğuz Barış Tolga""",
    "german": """
        Ben Paul Leon Finn Elias Jonas Luis Noah Felix Lukas Maximilian Jakob Emil Anton Theo Oskar Moritz Julian
        Niklas Tim Jan Tobias Florian Sebastian Jannik Matthias Jürgen Björn Götz""",
    "nordic": """
        Noah Oskar William Lucas Emil Magnus Jakob Mathias Sander Henrik Oliver Elias Liam Hugo Axel Viggo Nils Lars
        Erik Sven Bjørn Håkon Øyvind Pål Søren Jørgen Åke Eino Väinö Leevi Torbjörn""",
    "pacific": """
        Tama Wiremu Hemi Rangi Manaaki Nikau Kauri Tane Mikaere Ariki Te_Ariki Kahurangi Tavita Sione Ioane Mika Fetu
        Tui Semisi Viliami Tevita Sefa Losi Pita Manu Isileli Paula Etuate""",
    "african": """
        Chukwuemeka Chinedu Emeka Obinna Ikenna Oluwaseun Tunde Babatunde Ayodele Kwame Kofi Kwabena Yaw Kojo Mamadou
        Ousmane Ibrahima Moussa Amadou Abebe Dawit Yonas Samuel Kamau Otieno Tendai Sipho Thabo Mandla Deng Garang""",
    "celtic": """
        Conor Cian Oisín Fionn Seán Tadhg Darragh Cillian Eoghan Ruairí Pádraig Ciarán Callum Hamish Angus Lachlan
        Fergus Ewan Rhys Dylan Gethin Iwan Gareth Llŷr""",
    "french": """
        Gabriel Léo Raphaël Louis Arthur Jules Adam Hugo Lucas Maël Noé Ethan Paul Théo Nathan Mathis Clément Antoine
        Maxime Rémi Jérôme François Étienne Loïc Jean-Baptiste Pierre-Louis Félix Édouard""",
    "italian": """
        Leonardo Francesco Tommaso Alessandro Lorenzo Mattia Gabriele Riccardo Andrea Edoardo Matteo Giuseppe Nicolò
        Antonio Federico Diego Samuele Giovanni Pietro Filippo Marco Luca Davide Salvatore Gianluca""",
    "dutch": """
        Daan Sem Lucas Levi Finn Noah Milan Bram Luuk Mees Jesse Thijs Lars Thomas Julian Sven Ruben Stijn Tim Jasper
        Koen Pieter Joost Willem-Jan Sjoerd Floris""",
    "han": "伟 强 浩然 子轩 磊 军 洋 勇 宇航 俊杰 一鸣 博文",
    "hangul": "민준 서준 도윤 예준 지호 주원 하준 준서 건우 현우",
    "cyrillic": "Александр Дмитрий Максим Иван Сергей Михаил Никита Андрей Артём Тарас",
    "greek_script": "Γεώργιος Νίκος Ιωάννης Δημήτρης Κωνσταντίνος Παναγιώτης Χρήστος",
    "arabic_script": "محمد أحمد علي يوسف عمر خالد حسن إبراهيم",
}
"""Culture → given names of boys."""

PARTS: Final = {
    "chinese": (
        "",
        """
        Wei Xin Yu Jing Hao Ming Jia Li Xiao Yan Mei Jun Hui Ying Zi Han Tian Yi Qing Bo Lin Xue Kai Rui Jie Xi Chen
        Yang Na Fang Hong Lei Feng Peng Min Wen Hua Shu Zhi Yue""",
        """
        Wei Xin Yu Jing Hao Ming Jia Li Xiao Yan Mei Jun Hui Ying Zi Han Tian Yi Qing Bo Lin Xue Kai Rui Jie Xi Chen
        Yang Na Fang Hong Lei Feng Peng Min Wen Hua Shu Zhi Yue""",
    ),
    "korean": (
        "-",
        """
        Min Ji Seo Ye Hyun Jun Soo Eun Yoon Ha Do Jae Sung Young Kyung Hee Ah Yeon Jin Woo Hye Bin Chae Won Dong Tae
        In Sang Ho Seung Na""",
        """Jun Seo Woo Ho Min Won Jin Hyun Yeon Ah Eun Hee Young Soo Bin Kyung Ji Rin Gyu Chan Yul Hye Mi Ra""",
    ),
    "sikh": (
        "",
        "Har Gur Man Jas Sukh Kul Ran Bal Sim Nav Par Am Raj Jag Dal Kiran Prabh Lakh Karan Sat Rup Tej Bhup",
        "preet deep jit want leen meet inder pal jot veer bir kirat",
    ),
}
"""Culture → what joins two parts, first and second parts of which given names are made."""

MIDDLE: Final = {
    "vietnamese": {"female": "Thị=50 Ngọc Minh Kim Bảo Thanh Thùy", "male": "Văn=40 Minh Đức Quang Hữu Gia Quốc Anh"},
    "sikh": {"female": "Kaur=85 Kiran", "male": "Singh=90 Pal"},
}
"""Culture → middle names of its own; the others take given names."""
