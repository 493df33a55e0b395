/** What Word for Windows puts on the clipboard, shortened: styles, lists, classes and all. */
export const wordHtml = `<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15">
<style>
<!--
 /* List Definitions */
 @list l0
	{mso-list-id:1171871236;
	mso-list-type:hybrid;}
@list l0:level1
	{mso-level-number-format:bullet;
	mso-level-text:;
	mso-level-tab-stop:none;}
@list l0:level2
	{mso-level-number-format:bullet;
	mso-level-text:o;}
@list l1
	{mso-list-id:1790276541;}
@list l1:level1
	{mso-level-tab-stop:none;
	mso-level-number-position:left;}
 p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
-->
</style>
</head>
<body lang=EN-GB style='tab-interval:36.0pt'>
<!--StartFragment-->
<h1>Minutes<o:p></o:p></h1>
<p class=MsoNormal style='text-align:justify'>Present were <b><span
style='color:#C00000;mso-ansi-language:EN-GB'>everybody</span></b> and <i>nobody</i><span
style='font-family:"Times New Roman";background:yellow;mso-highlight:yellow'> else</span>, see <a
href="https://example.org/minutes">here</a>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>Boots<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>brown ones<o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Leave<o:p></o:p></p>
<p class=MsoNormal><img width=10 height=10 src="file:///C:/Users/ada/AppData/Local/Temp/msohtmlclip1/01/clip_image001.png"></p>
<!--EndFragment-->
</body>
</html>`
