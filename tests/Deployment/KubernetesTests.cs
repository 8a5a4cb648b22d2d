using k8s;
using k8s.Models;

namespace KeysCluster.Deployment.Tests;

/// <summary>The manifests, read strictly into Kubernetes' own types, and whether they fit each other and the images.</summary>
public sealed class KubernetesTests
{
    private static readonly string Folder = Deploy.PathOf("kubernetes");

    private static readonly Dictionary<string, int> Ports = new() { ["http"] = 8080, ["silo"] = 11111, ["gateway"] = 30000 };

    private static readonly string[] Names =
        [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Where(name => name != "kustomization.yaml")];

    public static TheoryData<string> Manifests => [.. Names];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_manifest_has_nothing_that_Kubernetes_does_not_know(string name)
    {
        var objects = Load(Path.Combine(Folder, name));

        Assert.NotEmpty(objects);
        Assert.All(objects, item => Assert.False(string.IsNullOrEmpty(((IMetadata<V1ObjectMeta>)item).Metadata.Name)));
    }

    [Theory]
    [InlineData("silo.yaml", "replicas: 3", "replica: 3")]
    [InlineData("silo.yaml", "replicas: 3", "replicas: three")]
    [InlineData("silo.yaml", "httpGet: {path: /health/live", "httpGet: {paths: /health/live")]
    [InlineData("network-policies.yaml", "policyTypes: [Ingress, Egress]", "policyType: [Ingress, Egress]")]
    [InlineData("front-end.yaml", "kind: PodDisruptionBudget", "kind: PodDisruptionBudgets")]
    public void A_broken_manifest_is_found(string name, string text, string replacement)
    {
        using var folder = new TemporaryFolder();
        var copy = folder.BrokenCopy(Path.Combine(Folder, name), text, replacement);

        Assert.ThrowsAny<Exception>(() => Load(copy));
    }

    [Fact]
    public void The_kustomization_names_every_manifest_but_the_secrets_template()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "kustomization.yaml"));
        var named = lines.SkipWhile(line => line != "resources:").Skip(1).TakeWhile(line => line.StartsWith("  - ", StringComparison.Ordinal))
            .Select(line => line[4..]);

        Assert.Equal(Names.Where(name => name != "secret.template.yaml").Order(), named.Order());
    }

    [Fact]
    public void The_template_of_the_secret_holds_what_the_pods_ask_for_and_no_secret()
    {
        var secret = All<V1Secret>().Single();
        var asked = Containers().SelectMany(container => container.Env)
            .Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>().ToList();

        Assert.All(asked, reference => Assert.Equal(secret.Metadata.Name, reference.Name));
        Assert.Equal(secret.StringData.Keys.Order(), asked.Select(reference => reference.Key).Distinct().Order());
        Assert.All(secret.StringData.Values, value => Assert.Contains("…", value, StringComparison.Ordinal));
    }

    [Fact]
    public void Selectors_select()
    {
        var templates = All<V1Deployment>().Select(deployment => deployment.Spec.Template.Metadata.Labels).ToList();
        foreach (var deployment in All<V1Deployment>())
        {
            var spec = deployment.Spec.Template.Spec;
            AssertMatches(deployment.Spec.Selector.MatchLabels, deployment.Spec.Template.Metadata.Labels);
            Assert.All(spec.TopologySpreadConstraints, spread => AssertMatches(spread.LabelSelector.MatchLabels, deployment.Spec.Template.Metadata.Labels));
            Assert.Single(All<V1PodDisruptionBudget>(), budget => Matches(budget.Spec.Selector.MatchLabels, deployment.Spec.Template.Metadata.Labels));
        }

        Assert.All(All<V1Service>(), service => Assert.Single(templates, labels => Matches(service.Spec.Selector, labels)));
        Assert.All(
            All<V1NetworkPolicy>().Where(policy => policy.Spec.PodSelector.MatchLabels is not null),
            policy => Assert.Contains(templates, labels => Matches(policy.Spec.PodSelector.MatchLabels, labels)));
    }

    [Fact]
    public void Ports_agree()
    {
        foreach (var port in Containers().SelectMany(container => container.Ports)) Assert.Equal(Ports[port.Name], port.ContainerPort);
        var silo = Containers().Single(container => container.Name == "silo");
        Assert.Equal(Ports["silo"].ToString(), silo.Env.Single(variable => variable.Name == "Cluster__SiloPort").Value);
        Assert.Equal(Ports["gateway"].ToString(), silo.Env.Single(variable => variable.Name == "Cluster__GatewayPort").Value);

        int[] known = [.. Ports.Values, 53, 5432];
        var allowed = All<V1NetworkPolicy>()
            .SelectMany(policy => (policy.Spec.Ingress ?? []).SelectMany(rule => rule.Ports)
                .Concat((policy.Spec.Egress ?? []).SelectMany(rule => rule.Ports)))
            .Select(port => int.Parse(port.Port.Value)).Distinct();
        Assert.Equal(known.Order(), allowed.Order());
        Assert.All(All<V1Service>().SelectMany(service => service.Spec.Ports), port => Assert.Equal("http", port.TargetPort.Value));

        // What the images listen on.
        Assert.Contains("EXPOSE 8080\n", Deploy.Text(Deploy.Dockerfile), StringComparison.Ordinal);
        Assert.Contains("EXPOSE 11111 30000\n", Deploy.Text(Deploy.Dockerfile), StringComparison.Ordinal);
    }

    [Fact]
    public void All_traffic_is_denied_but_what_is_allowed()
    {
        var policies = All<V1NetworkPolicy>();
        var all = policies.Single(policy => policy.Metadata.Name == "default-deny").Spec;

        Assert.Null(all.PodSelector.MatchLabels);
        Assert.Equal(["Ingress", "Egress"], all.PolicyTypes);
        Assert.All(policies.SelectMany(policy => policy.Spec.Ingress ?? []), rule => Assert.NotEmpty(rule.FromProperty));
    }

    [Fact]
    public void Pods_are_locked_down()
    {
        foreach (var pod in Pods())
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.True(pod.TerminationGracePeriodSeconds >= 5 + 30);
        }

        foreach (var container in Containers())
        {
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.True(container.Resources.Limits.ContainsKey("memory"));
            Assert.False(container.Resources.Limits.ContainsKey("cpu"));
            Assert.Equal("/health/live", container.StartupProbe.HttpGet.Path);
            Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
            Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
        }
    }

    private static List<object> Load(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), null, strict: true);

    private static List<T> All<T>() => [.. Names.SelectMany(name => Load(Path.Combine(Folder, name))).OfType<T>()];

    private static IEnumerable<V1PodSpec> Pods() => All<V1Deployment>().Select(deployment => deployment.Spec.Template.Spec);

    private static IEnumerable<V1Container> Containers() => Pods().SelectMany(pod => pod.Containers);

    private static bool Matches(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static void AssertMatches(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        Assert.True(Matches(selector, labels), string.Join(", ", selector));
}
