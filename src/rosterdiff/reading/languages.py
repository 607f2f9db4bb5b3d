"""Common names of many languages, by which the encoding of a text is told: how letters follow each other in them.

Invariants: the lists hold single common names, never a whole person; every name is lower case and written in the
letters of its language; names without a letter beyond ASCII are there only to give the others their neighbours.
"""

from typing import Final

from attrs import frozen


@frozen
class Language:
    """The names of a language, and how many of a thousand words beyond ASCII are of it where nothing is known."""

    share: int
    names: str


LANGUAGES: Final = {
    "French": Language(170, """
        andré renée zoé chloé léa hélène jérôme françois françoise céline rené élodie mégane noémie anaïs maëlle gaël
        joël noël benoît théo léon inès agnès geneviève frédéric gérard aurélie cédric stéphane stéphanie véronique
        michèle amélie désirée océane raphaël clémence mélanie valérie sébastien loïc maïté solène adèle étienne éric
        émile lefèvre bénédicte côté bérubé lévesque gagné légaré gérin château forêt hébert besançon garçon
        lemaître père thérèse félix aimée édith rémi régis chrétien détienne prénom numéro élève"""),
    "Spanish": Language(170, """
        josé maría jesús ángel lucía sofía martín raúl andrés álvaro íñigo adrián víctor rubén óscar nicolás inés
        belén verónica mónica ramón joaquín iván agustín sebastián tomás hernández garcía fernández gonzález
        rodríguez lópez martínez sánchez pérez gómez jiménez díaz álvarez gutiérrez muñoz peña ibáñez núñez ordóñez
        yáñez castañeda león marín suárez ramírez vázquez méndez chávez ávila báez cortés durán güemes begoña
        zúñiga montaña iñaki año número niño teléfono contraseña"""),
    "Portuguese": Language(70, """
        joão josé antónio antônio luís inês conceição simão sebastião estêvão assunção magalhães guimarães simões
        camões gonçalves mendonça araújo júnior patrícia letícia mônica érica cláudia mário fábio flávio júlio lúcia
        vitória débora tânia ângela américo germão leão falcão brandão galvão nóbrega lourenço conceição graça
        assumpção matrícula nação irmão mãe educação"""),
    "German": Language(150, """
        müller schröder jäger krämer böhm köhler könig schäfer größe groß weiß strauß günther jürgen jörg björn sören
        käthe bärbel grün kühn lühr böttcher förster röhrig möller höfer würz bräuer häußler kröger lübke rüdiger
        süß fuß straße preuß wüst hübner krüger schütz bühler zöllner köster höhne träger schüler geschäft
        übel öztürk änne voß heß"""),
    "Nordic": Language(70, """
        søren jørgen åse bjørn kåre øystein håkon sørensen jørgensen sjöberg åström öberg östlund sjöström lindström
        bergström björk göran håkan åke märta märit pär jöns ljungström nyström älvsborg ångström løvås ødegård
        nygård østergård mørk holmgård kjær skjærvø bodø åsa ingebjørg torbjørn ståle pål mäkinen hämäläinen virtanen
        jääskeläinen väinö päivi töyrylä nørgaard højgaard rødgaard strøm bjørnstad bråten ækre sæther"""),
    "Irish": Language(30, """
        seán siobhán órla róisín ciarán éabha sinéad máire pádraig eoghan caoimhín dáithí éamonn mícheál séamus
        tomás gráinne bríd cáit áine aisling diarmuid ó súilleabháin ní dhónaill mac cárthaigh fionnán oisín rónán
        aoibhín naoise tadhg fiadh páidí caoilfhionn"""),
    "Italian": Language(25, """
        niccolò nicolò andré josè noè mosè cantù forlì patané zanetè aloè salomè desirè giosuè montà caffè cittadà
        corrò perrò età società"""),
    "Dutch": Language(30, """
        zoë chloë daniël michaël raphaël noëlle joëlle loïs anaïs eloïse gaël manoë rosalië coëlho josé andré rené
        françois thérèse raïssa samuël emmanuël gabriël israël ismaël aäron"""),
    "Icelandic": Language(3, """
        þór þóra þorvaldur guðrún guðmundur sigurður jón ólafur björn kristín ásta bára helgadóttir jónsdóttir
        sigurðardóttir guðmundsdóttir magnúsdóttir ragnheiður ágúst ívar óskar úlfar ægir ævar örn össur snædís
        hlíf ýr ásdís þórhildur steinþór friðrik eiríkur davíð heiðar rúnar sólveig álfrún garðar"""),
    "Polish": Language(70, """
        łukasz paweł michał małgorzata stanisław władysław bolesław wałęsa kowalewski jabłoński kozłowski wójcik
        zieliński wiśniewski kamiński dąbrowski szymański woźniak kaźmierczak król wróbel pawłowski głowacki
        nowakowska górski błaszczyk żak żółty święcicki śliwiński ćwik gołębiewski zając piątek sobczyński józef
        agnieszka grażyna bożena jarosław mirosław przemysław świętosława łucja żaneta gwóźdź ostrowska rzepa
        urbańczyk krzyżanowski stępień wasilewski janiszewska kuś bąk pająk kłos mączyński"""),
    "Czech": Language(60, """
        jiří tomáš lukáš ondřej matěj vojtěch štěpán šimon eliška tereza kateřina markéta zdeněk václav františek
        růžena božena květa zdeňka novák dvořák černý procházka kučera veselý horák němec marešová pospíšil hájek
        jelínek růžička fiala šťastný kříž křížová vaněk říha švejda čapek štěrba nováková dvořáková žižka
        ľubomír juraj ján žofia ľudovít šťastná kováč tóth nagyová čech děd ďurica hruška navrátilová doležal
        beneš vlček sedláček zemanová přibyl jiřina"""),
    "Hungarian": Language(30, """
        lászló istván józsef jános zoltán sándor ferenc gábor attila péter tamás zsófia eszter dóra réka ágnes
        éva erzsébet katalin kőszegi kovács szabó tóth németh horváth szőke szűcs győr erdős lőrincz fülöp dömötör
        gergő máté bálint ádám ákos levente árpád béla géza örs ödön ágota gyöngyi emőke csongor szőllősi
        fűzfa körmendi őry bőhm vörös zrínyi jenő ernő rezső dezső mező"""),
    "Romanian": Language(20, """
        ștefan ştefan ion ioniță ioniţă constanța constanţa brâncuși brâncuşi ceaușescu ceauşescu țepeș ţepeş mădălina
        cătălin răzvan bogdan ilinca sârbu mureșan mureşan pătrașcu pătraşcu văcărescu țurcanu ţurcanu ghiță ghiţă
        călin lăcrămioara bălan stănescu dumitrașcu lungu năstase șerban şerban tănase păun"""),
    "Croatian": Language(30, """
        ivančić đorđe đurđa kovačić marković petrović jovanović nikolić babić šarić žarko željko miloš zoran
        krešimir šimun božidar tomislav ančić kovačević jurić perić ćosić čavić brkić živković đukić stanković
        matić grgić blažević horvat šešelj žižić luković pavlović"""),
    "Turkish": Language(40, """
        ayşe fatma özlem gülşen güneş şahin yıldız yılmaz öztürk çelik aydın arslan doğan kılıç çetin kaya özdemir
        şimşek özkan erdoğan çağlar işık ışık tuğba büşra gökçe çiğdem ümit uğur oğuz iğdır İpek İsmail ılgaz şevval
        tuğçe kadıoğlu hacıoğlu karaoğlan koç günay güler başar demirtaş aktaş kırmızı yağmur ömer barış
        çınar nazlı altıntaş ağaoğlu özgür"""),
    "Baltic": Language(20, """
        jānis pēteris līga ilze kārlis ozoliņš bērziņš kalniņš liepiņš krūmiņš māra ģirts ķirsis ļubova žanis
        šarūnas žydrūnas rūta eglė ugnė austėja gabrielė vytautas kęstutis jonaitis kazlauskienė petrauskas žukauskas
        stankevičius jankauskaitė butkutė mykolė živilė gintarė agnė dovilė kristīne anželika elīna"""),
    "Estonian": Language(5, """
        õnne tõnu võsu kõiv mõttus ülle tõnis jüri ülo märt käsper tiiu pärn mägi põld tõnisson võrk rõõm
        jõgi kõrv õunapuu järv müür künnap rästas"""),
    "Russian": Language(100, """
        александр дмитрий максим сергей андрей алексей артём илья кирилл михаил никита матвей роман егор арсений
        иван денис евгений даниил тимофей владислав игорь владимир павел руслан марк анна мария елена дарья алиса
        ирина екатерина арина полина ольга юлия татьяна наталья виктория елизавета ксения милана вероника
        иванов смирнов кузнецов попов васильев петров соколов михайлов новиков фёдоров морозов волков алексеев
        лебедев семёнов егоров павлов козлов степанов николаев орлов андреев макаров никитин захаров зайцева
        соловьёва борисова яковлева григорьева романова воробьёва сергеева кузьмина фролова щербакова цветков
        жуков эдуард юрий яна имя фамилия класс школа пол дата рождения отчество ученик номер"""),
    "Ukrainian": Language(20, """
        олександр андрій сергій дмитро микола тарас ігор ілля євген юрій марія ганна ірина оксана наталія софія
        єлизавета шевченко коваленко бондаренко ткаченко кравченко олійник шевчук поліщук іваненко мельник
        їжакевич ґалаґан прізвище ім'я клас"""),
    "Bulgarian": Language(10, """
        георги димитър иван петър николай стоян христо йордан васил тодор мария елена иванка йорданка пенка димитров
        иванов георгиев петров николов христов стоянов тодоров илиев василев атанасов ангелов колев
        ъгъл търновски първан кръстев къдрев"""),
    "Greek": Language(30, """
        γιώργος γεώργιος δημήτρης κώστας κωνσταντίνος γιάννης ιωάννης νίκος νικόλαος παναγιώτης βασίλης χρήστος
        αθανάσιος μιχάλης ευάγγελος μαρία ελένη κατερίνα αικατερίνη βασιλική σοφία αγγελική γεωργία δήμητρα
        ιωάννα παπαδόπουλος βλάχος αγγελόπουλος νικολάου παπαδάκης οικονόμου γεωργίου δημητρίου κωνσταντίνου
        λεωνίδας αλέξανδρος σπύρος στέλιος ζωή φωτεινή χριστίνα ειρήνη άννα όνομα επώνυμο τάξη ημερομηνία ξένια
        ψαρράς ρούσσος θεόδωρος ύδρα ίρις έλλη ώρα ηλίας θάνος"""),
    "Hebrew": Language(20, """
        משה דוד יוסף אברהם יעקב יצחק שלמה אהרון חיים מרדכי שרה רבקה רחל לאה מרים אסתר חנה תמר נועה מאיה יעל
        כהן לוי מזרחי פרץ ביטון אברהם פרידמן דהן אזולאי כץ שם משפחה פרטי כיתה תאריך לידה גבריאל נתן שפירא
        אדם איתן אורי עומר טליה צבי זאב סופי"""),
    "Arabic": Language(40, """
        محمد أحمد محمود علي حسن حسين إبراهيم عبدالله عبد الله عمر عثمان يوسف خالد سعيد سالم ناصر مصطفى فاطمة عائشة
        مريم زينب خديجة سارة نور هدى ليلى أمل رانيا المصري الشامي السيد العلي الحسن الخطيب النجار الاسم الصف
        تاريخ الميلاد الجنس طارق وليد زياد غسان ظافر ضياء ثامر شريف جمال بكر قاسم كريم فهد صالح رؤوف لؤي شيماء"""),
    "Thai": Language(15, """
        สมชาย สมหญิง ประเสริฐ วิชัย สุดา มาลี อรุณ กิตติ ณัฐพล ธนากร พิมพ์ชนก กานต์ ชื่อ นามสกุล ชั้น วันเกิด ศรีสุข
        แก้วมณี ทองดี จันทร์เพ็ญ ใจดี บุญมี รักไทย สุวรรณ พงษ์ศักดิ์ เด็กชาย เด็กหญิง ปิยะ เอกชัย โอภาส ไพศาล ฐิติมา
        อภิชาติ ยุทธ หทัย ผกา ฝน ถาวร งามตา"""),
}  # fmt: skip

JAPANESE: Final = """
    佐藤鈴木高橋田中伊藤渡辺山本中村小林加藤吉田山田佐々木山口松本井上木村林斎藤清水山崎森池田橋本阿部石川山下中島石井小川前田
    岡田長谷川藤田後藤近藤村上遠藤青木坂本福田太田西村藤井金子岡本中野三浦原田和田竹内松田中山上田小野田村菊地宮崎千葉野口松井
    大翔蓮悠真陽太翔大輝健一誠健太颯湊樹朝陽凛咲良結衣美月葵陽菜莉子結愛花子美咲愛香織恵由紀直子明子真由美幸子和子智也拓海
    姓名氏名生年月日性別学年組番号出席男女年級名前学籍保護者東京立小学校校"""
"""Characters of common Japanese names and of the headers of class lists."""

SIMPLIFIED: Final = """
    王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪
    范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛
    明超兰霞平刚桂小红文欣怡子涵梓轩宇浩然雨桐思诗佳琪俊嘉一诺晨博志鹏飞云国华建玉婷雪梅春海燕学生姓名性别出生日期班级年级
    学号家长电话男女学校备注"""
"""Characters of common names in simplified Chinese and of the headers of class lists."""

TRADITIONAL: Final = """
    陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧杜傅侯曹薛
    丁卓馬董温唐藍石蔣田康鄒白涂尤巫韓龔嚴袁鐘黎金阮陸倪夏童邵柳錢志明俊傑建宏家豪淑芬美玲雅婷怡君欣惠雯佳穎宗翰承恩宇軒品妤
    詠晴子涵冠宇柏翰思妤心怡姓名性別出生日期班級年級學號家長電話男女學生學校國華文英玉秀麗偉強榮"""
"""Characters of common names in traditional Chinese and of the headers of class lists."""

KOREAN: Final = """
    김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길
    민준서연도윤서준예준시우하준주원지호지후준우현우지훈은우수아지우서윤하은지유윤서채원수빈지민예은나은다은영희철수미경숙자순
    옥혜선정훈성호태양동건재승상기명인경은애리나라빛솔가람슬기이름성명생년월일성별학년반번호학교학생보호자남여"""
"""Syllables of common Korean names and of the headers of class lists."""
