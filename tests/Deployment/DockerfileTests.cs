using System.Text.RegularExpressions;
using System.Xml.Linq;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The Dockerfile against the source that it builds, and its build steps without Docker.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllLines(DeployFiles.Dockerfile);

    [Fact]
    public void Every_file_that_restore_reads_is_copied_first()
    {
        var copied = GetCopiedFiles();

        foreach (var project in FindProjects("Silo", "Api"))
        {
            Assert.Contains(project, copied);
            Assert.Contains(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"), copied);
        }

        foreach (var file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json"]) Assert.Contains(file, copied);
        Assert.All(copied, file => Assert.True(File.Exists(Path.Combine(Repository.Root, file)), file));
    }

    [Fact]
    public void Copied_files_are_not_excluded_by_dockerignore()
    {
        var kept = File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore"))
            .Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        Assert.All(GetCopiedFiles(), file => Assert.Contains(kept, entry => file == entry || file.StartsWith(entry + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Entry_points_and_health_checks_run_the_built_programs()
    {
        foreach (var (host, line) in Lines.Select(line => (ProgramPattern().Match(line), line)).Where(pair => pair.Item1.Success)
            .Select(pair => (pair.Item1.Groups[1].Value, pair.line)))
        {
            Assert.True(File.Exists(Path.Combine(Repository.Root, "src", host, $"KeysCluster.{host}.csproj")), line);
        }

        Assert.Equal(2, Lines.Count(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)));
        Assert.Equal(2, Lines.Count(line => line.StartsWith("HEALTHCHECK", StringComparison.Ordinal) && line.Contains("\"healthcheck\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_images_run_without_root_and_without_a_shell()
    {
        Assert.Contains("USER $APP_UID", Lines);
        Assert.Contains(Lines, line => line.StartsWith("FROM ", StringComparison.Ordinal) && line.Contains("aspnet:10.0-noble-chiseled ", StringComparison.Ordinal));
        var lastFrom = Array.FindIndex(Lines, line => line.Contains("noble-chiseled", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines.Skip(lastFrom), line => line.StartsWith("RUN ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_build_steps_publish_both_hosts_from_the_copied_files_alone()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in GetCopiedFiles()) Copy(file, folder.Root);
        var steps = string.Join('\n', Lines).Replace("\\\n", "", StringComparison.Ordinal).Split('\n')
            .Where(line => line.StartsWith("RUN ", StringComparison.Ordinal)).Select(line => line[4..]).ToList();
        Assert.Equal(2, steps.Count);

        await CommandRunner.RunSuccessfullyAsync("sh", ["-c", steps[0]], CreateBuildEnvironment(), folder.Root);
        foreach (var file in GetSourceFiles()) Copy(file, folder.Root);
        await CommandRunner.RunSuccessfullyAsync("sh", ["-c", steps[1].Replace("/out/", $"{folder.Root}/out/", StringComparison.Ordinal)], CreateBuildEnvironment(), folder.Root);

        foreach (var host in (string[])["Silo", "Api"])
        {
            var published = Path.Combine(folder.Root, "out", host.ToLowerInvariant(), $"KeysCluster.{host}.dll");
            var (exitCode, output) = await CommandRunner.RunAsync("dotnet", [published, "healthcheck", "--urls", "http://127.0.0.1:9"]);
            Assert.Equal(1, exitCode);
            Assert.Contains("refused", output, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Without what MSBuild tells its children about the build that this test runs in.</summary>
    private static Dictionary<string, string?> CreateBuildEnvironment() => new() { ["CI"] = "true", ["MSBUILDDISABLENODEREUSE"] = "1" };

    private static HashSet<string> GetCopiedFiles() =>
    [
        .. Lines.TakeWhile(line => !line.StartsWith("RUN ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1]),
    ];

    private static HashSet<string> FindProjects(params string[] hosts)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>(hosts.Select(host => Path.Combine("src", host, $"KeysCluster.{host}.csproj")));
        while (open.TryDequeue(out var project))
        {
            if (!found.Add(project)) continue;
            foreach (var reference in XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference"))
            {
                var path = Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value.Replace('\\', '/'));
                open.Enqueue(Path.GetRelativePath(Repository.Root, Path.GetFullPath(path)));
            }
        }

        return found;
    }

    private static IEnumerable<string> GetSourceFiles() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "data"));

    private static void Copy(string file, string folder)
    {
        var target = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(Repository.Root, file), target, overwrite: true);
    }

    [GeneratedRegex("\"KeysCluster\\.(\\w+)\\.dll\"")]
    private static partial Regex ProgramPattern();
}
