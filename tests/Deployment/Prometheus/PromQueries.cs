using System.Text.Json;
using KeysCluster.TestKit;
using YamlDotNet.RepresentationModel;

namespace KeysCluster.Deployment.Tests.Prometheus;

/// <summary>Reads the queries of the rules and dashboards.</summary>
internal static class PromQueries
{
    public static string RuleFile { get; } =
        Path.Combine(Repository.Root, "deploy", "prometheus", "keyscluster.rules.yml");

    private static IEnumerable<string> Dashboards =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "grafana"), "*.json");

    /// <summary>Returns the alerts with their expressions.</summary>
    public static IReadOnlyList<PromQuery> ReadAlerts()
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(RuleFile);
        yaml.Load(text);
        return
        [
            .. from @group in (YamlSequenceNode)yaml.Documents[0].RootNode["groups"]
               from rule in (YamlSequenceNode)@group["rules"]
               select new PromQuery(rule["alert"].ToString(), rule["expr"].ToString()),
        ];
    }

    /// <summary>Returns the queries of the panels of all dashboards, with the title of each.</summary>
    public static IReadOnlyList<PromQuery> ReadPanels() =>
    [
        .. from file in Dashboards
           from panel in JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("panels").EnumerateArray()
           from target in panel.GetProperty("targets").EnumerateArray()
           select new PromQuery(panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!),
    ];
}
