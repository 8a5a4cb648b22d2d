using System.Text.RegularExpressions;

namespace KeysCluster.Deployment.Tests.Prometheus;

/// <summary>A query in a rule or dashboard, and what it names.</summary>
internal sealed partial record PromQuery(string Source, string Text)
{
    /// <summary>The labels that Prometheus itself adds.</summary>
    private static readonly string[] LabelsOfPrometheus = ["instance", "job", "le"];

    /// <summary>Returns the metrics, each with the labels in its selector.</summary>
    public IEnumerable<(string Metric, IReadOnlyList<string> Labels)> GetMetrics() =>
        MetricPattern().Matches(GroupingPattern().Replace(Text, "")).Select(match => (
            match.Groups["name"].Value,
            (IReadOnlyList<string>)[.. SelectorPattern().Matches(match.Groups["selector"].Value)
                .Select(label => label.Groups[1].Value).Except(LabelsOfPrometheus)]));

    /// <summary>Returns the labels by which the query groups.</summary>
    public IReadOnlyList<string> GetGroupingLabels() =>
    [
        .. GroupingPattern().Matches(Text)
            .SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))
            .Except(LabelsOfPrometheus),
    ];

    /// <summary>No function has one of these prefixes, and a label is in a selector or a grouping.</summary>
    [GeneratedRegex("\\b(?<name>(keys|orleans|dotnet|http|db|kestrel)_\\w+)(\\{(?<selector>[^}]*)\\})?")]
    private static partial Regex MetricPattern();

    [GeneratedRegex("(\\w+)\\s*(?:=~|!~|!=|=)")]
    private static partial Regex SelectorPattern();

    [GeneratedRegex("\\bby \\(([^)]*)\\)")]
    private static partial Regex GroupingPattern();
}
