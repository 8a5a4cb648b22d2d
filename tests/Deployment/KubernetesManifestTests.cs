using System.Globalization;
using k8s;
using k8s.Models;
using Npgsql;

namespace KeysCluster.Deployment.Tests;

/// <summary>The manifests are valid, and consistent with each other and with the images.</summary>
public sealed class KubernetesManifestTests
{
    private static readonly string Folder = DeployFiles.GetPath("kubernetes");

    private static readonly Dictionary<string, int> Ports =
        new() { ["http"] = 8080, ["https"] = 8443, ["management"] = 8081, ["silo"] = 11111, ["gateway"] = 30000 };

    private static readonly string[] Names =
    [
        .. Directory.GetFiles(Folder, "*.yaml")
            .Select(file => Path.GetFileName(file))
            .Where(name => name != "kustomization.yaml"),
    ];

    public static TheoryData<string> Manifests => [.. Names];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_manifest_has_no_members_unknown_to_Kubernetes(string name)
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
    public void A_broken_manifest_is_rejected(string name, string text, string replacement)
    {
        using var folder = new TemporaryFolder();
        var copy = folder.CreateBrokenCopy(Path.Combine(Folder, name), text, replacement);

        Assert.ThrowsAny<Exception>(() => Load(copy));
    }

    [Fact]
    public void The_kustomization_lists_every_manifest_except_the_secret_template()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "kustomization.yaml"));
        var listed = lines.SkipWhile(line => line != "resources:").Skip(1)
            .TakeWhile(line => line.StartsWith("  - ", StringComparison.Ordinal))
            .Select(line => line[4..]);

        Assert.Equal(Names.Where(name => name != "secret.template.yaml").Order(), listed.Order());
    }

    [Fact]
    public void The_secret_template_defines_every_required_key_without_a_value()
    {
        var secrets = LoadAll<V1Secret>();
        var required = GetPods()
            .SelectMany(pod => GetAllContainers(pod).SelectMany(container => GetSettings(pod, container)))
            .Select(setting => (setting.Secret, setting.Key))
            .Append(("keyscluster-authority-certificate", "ca.crt"));
        var defined = secrets
            .Where(secret => secret.Metadata.Name is not ("keyscluster-admin-keys" or "keyscluster-peppers"))
            .SelectMany(secret => secret.StringData.Keys.Select(key => (secret.Metadata.Name, key)));

        Assert.Equal(defined.Order(), required.Distinct().Order());
        Assert.All(
            secrets.SelectMany(secret => secret.StringData.Values),
            value => Assert.Contains("…", value, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_container_connects_to_the_database_with_a_role_of_its_own()
    {
        var strings = LoadAll<V1Secret>().Where(secret => secret.StringData.ContainsKey("connection-string"))
            .ToDictionary(secret => secret.Metadata.Name, secret => secret.StringData["connection-string"]);
        var users = GetPods()
            .SelectMany(pod => GetAllContainers(pod).Select(container => (
                container.Name,
                Setting: Assert.Single(
                    GetSettings(pod, container), setting => setting.Key == "connection-string"))))
            .ToDictionary(
                container => container.Name,
                container => new NpgsqlConnectionStringBuilder(strings[container.Setting.Secret]).Username);

        Assert.Equal("keys_owner", users["migrate"]);
        Assert.Equal("keys_service", users["silo"]);
        Assert.Equal("keys_gateways", users["front-end"]);
        Assert.All(strings.Values, text => Assert.Equal(
            SslMode.VerifyFull, new NpgsqlConnectionStringBuilder(text).SslMode));
        var frontEnd = GetPods().Single(pod => pod.Containers[0].Name == "front-end");
        Assert.All(
            GetSettings(frontEnd, frontEnd.Containers[0]),
            setting => Assert.Equal("keyscluster-front-end", setting.Secret));
    }

    [Fact]
    public void Secrets_are_files_that_the_group_of_the_pod_can_read_and_not_environment_variables()
    {
        Assert.DoesNotContain(
            GetPods().SelectMany(GetAllContainers).SelectMany(container => container.Env),
            variable => variable.ValueFrom?.SecretKeyRef is not null);
        foreach (var pod in GetPods())
        {
            Assert.NotNull(pod.SecurityContext.FsGroup);
            foreach (var volume in pod.Volumes.Where(volume => GetSecretNames(volume).Any(name => name is not null)))
                Assert.Equal(288, volume.Secret?.DefaultMode ?? volume.Projected?.DefaultMode);
        }

        var settings = GetPods()
            .SelectMany(pod => GetAllContainers(pod).SelectMany(container => GetSettings(pod, container)));
        Assert.Equal(
            ["ConnectionStrings__Keys", "ConnectionStrings__Migrations", "Keys__Pepper"],
            settings.Select(setting => setting.Path).Distinct().Order());
    }

    [Fact]
    public void The_ingress_verifies_the_front_end_without_the_key_of_the_authority()
    {
        var ingress = Assert.Single(LoadAll<V1Ingress>());
        string Get(string name) => ingress.Metadata.Annotations[$"nginx.ingress.kubernetes.io/{name}"];

        Assert.Equal(("HTTPS", "on"), (Get("backend-protocol"), Get("proxy-ssl-verify")));
        var secret = LoadAll<V1Secret>()
            .Single(secret => $"keyscluster/{secret.Metadata.Name}" == Get("proxy-ssl-secret"));
        Assert.Equal(["ca.crt"], secret.StringData.Keys);
        Assert.True(int.Parse(Get("limit-connections"), CultureInfo.InvariantCulture) <= 1000);
        var backend = Assert.Single(ingress.Spec.Rules.SelectMany(rule => rule.Http.Paths)).Backend.Service;
        Assert.Contains(LoadAll<V1Service>(), service => service.Metadata.Name == backend.Name
            && service.Spec.Ports.Any(port => port.Name == backend.Port.Name));
        Assert.NotEmpty(ingress.Spec.Tls);
    }

    [Fact]
    public void Every_pod_mounts_the_secret_of_the_named_admin_keys_where_its_program_reads_it()
    {
        var secret = LoadAll<V1Secret>().Single(secret => secret.Metadata.Name == "keyscluster-admin-keys");
        Assert.All(
            secret.StringData.Keys, key => Assert.StartsWith("Keys__AdminKeys__", key, StringComparison.Ordinal));

        foreach (var pod in GetPods())
        {
            var volume = pod.Volumes.Single(volume => GetSecretNames(volume).Contains(secret.Metadata.Name));
            var container = Assert.Single(pod.Containers);
            var mount = container.VolumeMounts.Single(mount => mount.Name == volume.Name);
            var directory = container.Env.Single(variable => variable.Name == "Hosting__SecretsDirectory").Value;
            Assert.Equal(directory, mount.MountPath);
            Assert.True(mount.ReadOnlyProperty);
        }
    }

    [Fact]
    public void Only_silos_mount_the_peppers()
    {
        var secret = LoadAll<V1Secret>().Single(secret => secret.Metadata.Name == "keyscluster-peppers");
        Assert.All(secret.StringData.Keys, key => Assert.StartsWith("Keys__Peppers__", key, StringComparison.Ordinal));

        var pods = GetPods().Where(pod => pod.Volumes.Any(
            volume => GetSecretNames(volume).Contains(secret.Metadata.Name)));
        var silo = Assert.Single(pods);
        var container = Assert.Single(silo.Containers);
        Assert.Equal("silo", container.Name);
        var volume = silo.Volumes.Single(volume => GetSecretNames(volume).Contains(secret.Metadata.Name));
        Assert.Equal(
            container.Env.Single(variable => variable.Name == "Hosting__SecretsDirectory").Value,
            container.VolumeMounts.Single(mount => mount.Name == volume.Name).MountPath);
    }

    [Fact]
    public void Every_pod_mounts_the_certificate_of_its_role_where_its_program_reads_it()
    {
        var certificates = LoadAll<CertManagerObjects.Certificate>().Select(certificate => certificate.Spec).ToList();
        foreach (var pod in GetPods())
        {
            var container = Assert.Single(pod.Containers);
            var mount = container.VolumeMounts.Single(mount => mount.Name == "certificate");
            var secret = pod.Volumes.Single(volume => volume.Name == mount.Name).Secret;
            var certificate = certificates.Single(certificate => certificate.SecretName == secret.SecretName);
            Assert.Equal([$"urn:keyscluster:{container.Name}"], certificate.Uris);
            Assert.Equal("keyscluster", certificate.IssuerRef!.Name);
            Assert.Contains("client auth", certificate.Usages);
            Assert.True(mount.ReadOnlyProperty);

            var files = container.Env
                .Where(variable => variable.Name.StartsWith("Cluster__Tls__", StringComparison.Ordinal))
                .Select(variable => variable.Value);
            string[] expected = ["tls.crt", "tls.key", "ca.crt"];
            Assert.Equal(expected.Select(file => $"{mount.MountPath}/{file}"), files);
        }

        Assert.Contains("server auth", certificates.Single(spec => spec.Uris.Contains("urn:keyscluster:silo")).Usages);
        Assert.Contains(certificates, spec => spec.Uris.Contains("urn:keyscluster:validator"));
    }

    [Fact]
    public void Every_selector_matches_a_pod_template()
    {
        var templates = new List<IDictionary<string, string>>();
        foreach (var deployment in LoadAll<V1Deployment>().Select(deployment => deployment.Spec))
        {
            var labels = deployment.Template.Metadata.Labels;
            templates.Add(labels);
            AssertMatches(deployment.Selector.MatchLabels, labels);
            foreach (var spread in deployment.Template.Spec.TopologySpreadConstraints)
                AssertMatches(spread.LabelSelector.MatchLabels, labels);
            Assert.Single(
                LoadAll<V1PodDisruptionBudget>(), budget => Matches(budget.Spec.Selector.MatchLabels, labels));
        }

        foreach (var service in LoadAll<V1Service>())
            Assert.Single(templates, labels => Matches(service.Spec.Selector, labels));
        foreach (var selector in LoadAll<V1NetworkPolicy>().Select(policy => policy.Spec.PodSelector.MatchLabels))
            if (selector is not null) Assert.Contains(templates, labels => Matches(selector, labels));
    }

    [Fact]
    public void Ports_match_across_containers_services_network_policies_and_images()
    {
        foreach (var port in GetContainers().SelectMany(container => container.Ports))
            Assert.Equal(Ports[port.Name], port.ContainerPort);
        var silo = GetContainers().Single(container => container.Name == "silo");
        Assert.Equal($"{Ports["silo"]}", silo.Env.Single(variable => variable.Name == "Cluster__SiloPort").Value);
        Assert.Equal($"{Ports["gateway"]}", silo.Env.Single(variable => variable.Name == "Cluster__GatewayPort").Value);

        int[] known = [Ports["https"], Ports["management"], Ports["silo"], Ports["gateway"], 53, 5432];
        var allowed = LoadAll<V1NetworkPolicy>()
            .SelectMany(policy => (policy.Spec.Ingress ?? []).SelectMany(rule => rule.Ports)
                .Concat((policy.Spec.Egress ?? []).SelectMany(rule => rule.Ports)))
            .Select(port => int.Parse(port.Port.Value)).Distinct();
        Assert.Equal(known.Order(), allowed.Order());
        foreach (var port in LoadAll<V1Service>().SelectMany(service => service.Spec.Ports))
            Assert.Equal("https", port.TargetPort.Value);

        var exposed = File.ReadAllLines(DeployFiles.Dockerfile)
            .Where(line => line.StartsWith("EXPOSE ", StringComparison.Ordinal));
        Assert.Equal(["EXPOSE 8080", "EXPOSE 11111 30000"], exposed);
    }

    [Fact]
    public void Network_policies_deny_all_traffic_by_default()
    {
        var policies = LoadAll<V1NetworkPolicy>();
        var all = policies.Single(policy => policy.Metadata.Name == "default-deny").Spec;

        Assert.Null(all.PodSelector.MatchLabels);
        Assert.Equal(["Ingress", "Egress"], all.PolicyTypes);
        foreach (var rule in policies.SelectMany(policy => policy.Spec.Ingress ?? []))
            Assert.NotEmpty(rule.FromProperty);
    }

    [Fact]
    public void A_policy_that_admits_another_namespace_names_the_pods_in_it()
    {
        var peers = LoadAll<V1NetworkPolicy>()
            .SelectMany(policy => (policy.Spec.Ingress ?? []).SelectMany(rule => rule.FromProperty)
                .Concat((policy.Spec.Egress ?? []).SelectMany(rule => rule.To ?? [])))
            .Where(peer => peer.NamespaceSelector is not null)
            .ToList();

        Assert.Equal(4, peers.Count);
        Assert.All(peers, peer => Assert.NotEmpty(peer.PodSelector.MatchLabels));
    }

    [Fact]
    public void The_namespace_admits_only_restricted_pods()
    {
        var labels = Assert.Single(LoadAll<V1Namespace>()).Metadata.Labels;

        foreach (var mode in (string[])["enforce", "warn", "audit"])
        {
            Assert.Equal("restricted", labels[$"pod-security.kubernetes.io/{mode}"]);
            Assert.Equal("latest", labels[$"pod-security.kubernetes.io/{mode}-version"]);
        }
    }

    [Fact]
    public void Each_role_has_a_service_account_of_its_own_and_no_token()
    {
        var accounts = LoadAll<V1ServiceAccount>();
        Assert.All(accounts, account => Assert.False(account.AutomountServiceAccountToken));

        var used = GetPods().Select(pod => pod.ServiceAccountName).ToList();
        Assert.Distinct(used);
        Assert.Equal(accounts.Select(account => account.Metadata.Name).Order(), used.Order());
    }

    [Fact]
    public void Pods_run_unprivileged_with_probes_and_memory_limits()
    {
        foreach (var pod in GetPods())
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.NotEqual(true, pod.HostNetwork);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.True(pod.TerminationGracePeriodSeconds >= 5 + 30);
        }

        foreach (var container in GetPods().SelectMany(GetAllContainers))
        {
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.True(container.Resources.Limits.ContainsKey("memory"));
            Assert.True(container.Resources.Limits.ContainsKey("ephemeral-storage"));
            Assert.Equal("IfNotPresent", container.ImagePullPolicy);
            Assert.Equal("0", container.Env.Single(variable => variable.Name == "DOTNET_EnableDiagnostics").Value);
            Assert.False(container.Resources.Limits.ContainsKey("cpu"));
        }

        foreach (var container in GetContainers())
        {
            Assert.Equal("/health/live", container.StartupProbe.HttpGet.Path);
            Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
            Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
        }
    }

    private static List<object> Load(string file) =>
        KubernetesYaml.LoadAllFromString(File.ReadAllText(file), CertManagerObjects.Types, strict: true);

    private static List<T> LoadAll<T>() => [.. Names.SelectMany(name => Load(Path.Combine(Folder, name))).OfType<T>()];

    private static IEnumerable<V1PodSpec> GetPods() =>
        LoadAll<V1Deployment>().Select(deployment => deployment.Spec.Template.Spec);

    /// <summary>Returns the containers of a pod, and those that run before them.</summary>
    private static IEnumerable<V1Container> GetAllContainers(V1PodSpec pod) =>
        pod.Containers.Concat(pod.InitContainers ?? []);

    /// <summary>Returns the keys of secrets that a container reads as files with the names of settings.</summary>
    private static IEnumerable<(string Secret, string Key, string Path)> GetSettings(
        V1PodSpec pod, V1Container container)
    {
        var directory = container.Env.Single(variable => variable.Name == "Hosting__SecretsDirectory").Value;
        var mount = container.VolumeMounts.Single(mount => mount.MountPath == directory);
        return pod.Volumes.Single(volume => volume.Name == mount.Name).Projected.Sources
            .SelectMany(source => (source.Secret.Items ?? [])
                .Select(item => (source.Secret.Name, item.Key, item.Path)));
    }

    /// <summary>Returns the names of the secrets that a volume contains.</summary>
    private static IEnumerable<string?> GetSecretNames(V1Volume volume) =>
        (volume.Projected?.Sources ?? []).Select(source => source.Secret?.Name).Append(volume.Secret?.SecretName);

    private static IEnumerable<V1Container> GetContainers() => GetPods().SelectMany(pod => pod.Containers);

    private static bool Matches(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static void AssertMatches(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        Assert.True(Matches(selector, labels), string.Join(", ", selector));
}
