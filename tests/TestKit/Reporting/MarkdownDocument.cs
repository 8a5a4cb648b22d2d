using System.Text;
using System.Text.RegularExpressions;

namespace KeysCluster.TestKit.Reporting;

/// <summary>Builds a Markdown document of blocks that are separated by blank lines.</summary>
public sealed partial class MarkdownDocument
{
    private const int MaxColumns = 120;
    private const string ItemPrefix = "- ";

    private readonly StringBuilder _text = new();

    /// <summary>
    /// Appends headings, paragraphs and lists. Line breaks within a paragraph or a list item have no effect: the text
    /// is wrapped at 120 columns. A blank line ends a paragraph.
    /// </summary>
    public MarkdownDocument Append(string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        foreach (var paragraph in markdown.ReplaceLineEndings("\n").Split("\n\n"))
        {
            BeginBlock();
            foreach (var item in SplitItems(paragraph)) AppendWrapped(item);
        }

        return this;
    }

    /// <summary>Appends a table. All columns but the first are aligned to the right.</summary>
    public MarkdownDocument AppendTable(string[] head, IEnumerable<string[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        BeginBlock();
        AppendRow(head);
        AppendRow([.. head.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows) AppendRow(row);
        return this;
    }

    /// <summary>Appends lines as they are, in a code block.</summary>
    public MarkdownDocument AppendCode(IEnumerable<string> lines)
    {
        BeginBlock();
        _text.Append("```\n").AppendJoin('\n', lines).Append("\n```\n");
        return this;
    }

    /// <summary>Returns the document.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Returns the items of a list, or the paragraph if it is not a list.</summary>
    private static IEnumerable<string> SplitItems(string paragraph) => IsItem(paragraph)
        ? paragraph.Split("\n" + ItemPrefix).Select((item, index) => index == 0 ? item : ItemPrefix + item)
        : [paragraph];

    private static bool IsItem(string text) => text.StartsWith(ItemPrefix, StringComparison.Ordinal);

    private void BeginBlock()
    {
        if (_text.Length > 0) _text.Append('\n');
    }

    private void AppendRow(string[] cells) => _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private void AppendWrapped(string paragraph)
    {
        var indentation = IsItem(paragraph) ? ItemPrefix.Length : 0;
        var column = 0;
        var singleLine = string.Join(' ', paragraph.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        foreach (Match word in Words().Matches(singleLine))
        {
            if (column + 1 + word.Length > MaxColumns)
            {
                _text.Append('\n').Append(' ', indentation);
                column = indentation;
            }
            else if (column > 0)
            {
                _text.Append(' ');
                column++;
            }

            _text.Append(word.Value);
            column += word.Length;
        }

        _text.Append('\n');
    }

    /// <summary>Matches a word. Text in backticks is not broken.</summary>
    [GeneratedRegex(@"(?:`[^`]*`|[^\s`])+")]
    private static partial Regex Words();
}
