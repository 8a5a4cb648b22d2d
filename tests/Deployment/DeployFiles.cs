using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>Paths of the files in <c>deploy</c>.</summary>
internal static class DeployFiles
{
    public static string Folder => Path.Combine(Repository.Root, "deploy");

    public static string Dockerfile => GetPath("docker", "Dockerfile");

    public static string Compose => GetPath("compose.yaml");

    public static string Proxy => GetPath("haproxy", "haproxy.cfg");

    public static string GetPath(params string[] parts) => Path.Combine([Folder, .. parts]);
}
