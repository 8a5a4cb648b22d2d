using System.Text.RegularExpressions;

namespace KeysCluster.TestKit;

/// <summary>The metrics that a process serves to Prometheus.</summary>
public sealed partial class ScrapedMetrics
{
    private readonly Dictionary<string, HashSet<string>> _labels = [];
    private readonly List<(string Metric, string Label, string Value)> _values = [];

    /// <summary>The values of the labels of each metric.</summary>
    public IReadOnlyList<(string Metric, string Label, string Value)> LabelValues => _values;

    /// <summary>Returns whether there is a series with this name.</summary>
    public bool Contains(string metric) => _labels.ContainsKey(metric);

    /// <summary>Returns whether a series of a metric has a label.</summary>
    public bool Contains(string metric, string label) =>
        _labels.TryGetValue(metric, out var labels) && labels.Contains(label);

    /// <summary>Adds the metrics of a process.</summary>
    /// <param name="managementAddress">The management address of the process.</param>
    public async Task AddAsync(Uri managementAddress)
    {
        using var client = new HttpClient { BaseAddress = managementAddress };
        foreach (Match line in SeriesPattern().Matches(await client.GetStringAsync("/metrics")))
        {
            var name = line.Groups["name"].Value;
            if (!_labels.TryGetValue(name, out var labels)) _labels.Add(name, labels = []);
            foreach (Match label in LabelPattern().Matches(line.Groups["labels"].Value))
            {
                labels.Add(label.Groups["key"].Value);
                _values.Add((name, label.Groups["key"].Value, label.Groups["value"].Value));
            }
        }
    }

    [GeneratedRegex("^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?<labels>.*)\\})? ", RegexOptions.Multiline)]
    private static partial Regex SeriesPattern();

    [GeneratedRegex("(?<key>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>(\\\\.|[^\"\\\\])*)\"")]
    private static partial Regex LabelPattern();
}
