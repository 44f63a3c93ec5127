"""The words that stand before and behind a name: forms of address, titles, degrees, generations.

Academic titles and degrees as Dutch law protects them (Wet op het hoger onderwijs, articles 7.10a, 7.19a and
7.20), those of Dutch professions, predicates of nobility, and the foreign ones that Dutch address books have.
"""


def _set_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEER = _set_of("dhr heer meneer mijnheer hr sir herr herrn monsieur")
MEVROUW = _set_of("mevr mevrouw mw mvr mej mejuffrouw mrs ms miss madam madame mme frau señora signora")
NEUTRAL = frozenset({"mx"})
TITLES_BEFORE = _set_of(
    """
    prof professor dr doctor drs ir ing mr ds bc bacc lic kand cand dipl rev phdr mgr mag dott dottssa avv
    jhr jkvr jonkheer jonkvrouw baron barones
    dipl-ing dipl-kfm dipl-kffr dipl-psych dipl-inform dipl-phys dipl-biol dipl-oec priv-doz
    """
)
# Only with a full stop, since they are words too: ranks.
TITLES_WITH_STOP = _set_of("kol lkol ltkol lt maj kap kapt gen sgt adm cdr ltz kltz")
# Behind such a title and with a full stop they belong to it: "prof. em.", "Dr. rer. nat.", "Kol. b.d."
MORE_OF_TITLE = _set_of(
    "em hc habil med vet dent phil jur iur rer nat oec pol soc ing tech theol cult paed agr bd"
)
TITLES_AFTER = _set_of(
    """
    MSc BSc MA BA PhD MBA EMBA LLM LLB MPA MPhil DPhil MEd BEd BEng MEng EngD PDEng MD
    BAS BBA BICT BN BSW BCom BDes BFA BMus BNurs BHS BPA BSN BTh BArch BEc BHRM
    MArch MDes MFA MMus MPM MPS MSW MTh MANP MPH MPP MRes MUAD MEM MIB MBus MSM MLE MKM MCC MBM MLI MPhys
    MChem MCom MTD MSN MIM MCM MMC MSE MBI MRE MCD MHBA MSEd MSHE EMPA EMIM EMIA EMFC
    EdD DBA PharmD DDS DVM JD LLD ScD DSc DMin DEng DPA PsyD
    RA RC RE RO AA AC RB RT RM RI RV AAG RMT RTSv RMiA RBA QRM
    CFA CISSP CISA CISM CRISC CGEIT CIPP CIPM ACCA CIA FRM CMA CFE CAIA CTP REP FCA CPA CEng IEng PEng
    MRICS FRICS PMP CSM CSPO PSM PHR SPHR CPIM CSCP MCIPS CIPD MCIPD FCIPD MCIM FCIM MIET FIET MBCS FBCS
    FHEA SFHEA FRSA FRCS MRCP PRINCE2 ITIL TOGAF OBE MBE CBE
    """
)
# "Proef sr., Henk": what stands behind the family name, wherever that stands.
GENERATION = frozenset({"jr", "sr"})
GENERATIONS = frozenset({"II", "III", "IV"})
LOOSE_TITLES_AFTER = _set_of("msc bsc phd mba llm llb mphil beng meng") | GENERATION
# Between initials and what a family is called after: "J.W.F. baron van Testeren".
NOBLE = _set_of("baron barones graaf gravin jhr jkvr jonkheer jonkvrouw ridder")
# Family names of several words without an infix begin, or end, so: from Surinam and from the Maghreb.
FIRST_OF_COMPOUND = _set_of(
    """
    tjon tjin tjong tjoe tjauw wong lie lo fung fong chin chung sjak sjauw sjiem woei kwee
    ait aït ould ouled oulad ben bou abou abu haj hadj
    """
)
LAST_OF_COMPOUND = frozenset({"panday", "misier", "missier"})
