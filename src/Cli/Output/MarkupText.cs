using System.Globalization;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace KeysCluster.Cli.Output;

/// <summary>Markup with text of users in it.</summary>
internal static partial class MarkupText
{
    /// <summary>Returns markup that shows a text as it is.</summary>
    public static string ToMarkup(this string text) => text.EscapeMarkup();

    /// <summary>
    /// Renders markup whose tags are not nested. <see cref="Markup"/> itself would also replace the names of emojis,
    /// such as <c>:key:</c>, in a text of users, and no escape prevents that.
    /// </summary>
    public static Paragraph Render(string markup)
    {
        var paragraph = new Paragraph();
        var style = Style.Plain;
        foreach (var token in TokenPattern().Split(markup))
        {
            switch (token)
            {
                case "[[":
                    paragraph.Append("[", style);
                    break;
                case "]]":
                    paragraph.Append("]", style);
                    break;
                case "[/]":
                    style = Style.Plain;
                    break;
                case ['[', .. var name, ']']:
                    style = Style.Parse(name);
                    break;
                case not "":
                    paragraph.Append(token, style);
                    break;
            }
        }

        return paragraph;
    }

    /// <summary>Writes a line of markup whose arguments are shown as they are.</summary>
    public static void WriteMarkupLine(this IAnsiConsole console, FormattableString markup)
    {
        var arguments = markup.GetArguments().Select(argument => (argument?.ToString() ?? "").ToMarkup());
        console.Write(Render(string.Format(CultureInfo.InvariantCulture, markup.Format, [.. arguments])));
        console.WriteLine();
    }

    [GeneratedRegex(@"(\[\[|\]\]|\[/\]|\[[a-z]+\])")]
    private static partial Regex TokenPattern();
}
