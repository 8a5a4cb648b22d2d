using System.Globalization;
using Spectre.Console;

namespace KeysCluster.Cli.Output;

/// <summary>Text of users in markup.</summary>
internal static class MarkupText
{
    /// <summary>Returns markup that shows a text as it is.</summary>
    public static string ToMarkup(this string text)
    {
        var escaped = text.EscapeMarkup();

        // Markup replaces :warning: by a sign, and no escape prevents it: a tag must divide the name.
        return Emoji.Replace(text) == text
            ? escaped
            : escaped.Replace(":", "[default]:[/]", StringComparison.Ordinal);
    }

    /// <summary>Writes a line of markup whose arguments are shown as they are.</summary>
    public static void WriteMarkupLine(this IAnsiConsole console, FormattableString markup) =>
        console.MarkupLine(string.Format(
            CultureInfo.InvariantCulture,
            markup.Format,
            [.. markup.GetArguments().Select(argument => (argument?.ToString() ?? "").ToMarkup())]));
}
