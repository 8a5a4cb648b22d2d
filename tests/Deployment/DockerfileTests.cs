using System.Text.RegularExpressions;
using System.Xml.Linq;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The Dockerfile matches the projects that it builds, and its build steps succeed without Docker.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Hosts = ["Silo", "Api"];

    private static readonly string[] Lines = File.ReadAllLines(DeployFiles.Dockerfile);

    [Fact]
    public void Every_file_that_restore_reads_is_copied_first()
    {
        var copied = GetCopiedFiles();

        foreach (var project in FindProjects())
        {
            Assert.Contains(project, copied);
            Assert.Contains(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"), copied);
        }

        string[] shared =
        [
            "Directory.Build.props", "Directory.Packages.props", "global.json", "nuget.config",
            "src/Directory.Build.props", "src/Directory.Build.targets",
        ];
        foreach (var file in shared) Assert.Contains(file, copied);
        Assert.All(copied, file => Assert.True(File.Exists(Path.Combine(Repository.Root, file)), file));
    }

    [Fact]
    public void Copied_files_are_not_excluded_by_dockerignore()
    {
        var included = File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore"))
            .Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        Assert.All(GetCopiedFiles(), file => Assert.Contains(
            included, entry => file == entry || file.StartsWith(entry + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Entry_points_and_health_checks_run_the_built_programs()
    {
        var programs = Lines.SelectMany(line => ProgramPattern().Matches(line)).Select(match => match.Groups[1].Value);
        Assert.Equal(Hosts.Order(), programs.Distinct().Order());

        Assert.Equal(2, Lines.Count(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)));
        Assert.Equal(2, Lines.Count(line => line.StartsWith("HEALTHCHECK", StringComparison.Ordinal)
            && line.Contains("\"healthcheck\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_images_run_without_root_and_without_a_shell()
    {
        Assert.Contains("USER $APP_UID", Lines);
        var baseImage = Array.FindIndex(Lines, line => line.StartsWith("FROM ", StringComparison.Ordinal)
            && line.Contains("aspnet:10.0-noble-chiseled ", StringComparison.Ordinal));
        Assert.True(baseImage > 0);
        Assert.DoesNotContain(Lines.Skip(baseImage), line => line.StartsWith("RUN ", StringComparison.Ordinal));
    }

    /// <summary>A dump of a process contains the pepper and the secrets in its memory.</summary>
    [Fact]
    public void No_debugger_or_profiler_can_be_attached_to_a_process_of_the_images()
    {
        var setting = Array.IndexOf(Lines, "ENV DOTNET_EnableDiagnostics=0");
        Assert.True(setting > Array.FindIndex(Lines, line => line.EndsWith(" AS base", StringComparison.Ordinal)));
        Assert.All(Hosts, host =>
        {
            var stage = Array.IndexOf(Lines, $"FROM base AS {host.ToLowerInvariant()}");
            Assert.True(stage > setting, host);
        });
        Assert.Single(Lines, line => line.Contains("EnableDiagnostics", StringComparison.Ordinal));
    }

    [Fact, Trait("Speed", "slow")]
    public async Task The_build_steps_publish_both_hosts_from_the_copied_files_alone()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in GetCopiedFiles()) folder.CopyFromRepository(file);
        var steps = string.Join('\n', Lines).Replace("\\\n", "", StringComparison.Ordinal).Split('\n')
            .Where(line => line.StartsWith("RUN ", StringComparison.Ordinal))
            .Select(line => line[4..].Replace("/out/", $"{folder.Root}/out/", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(2, steps.Count);

        await ProgramRunner.RunSuccessfullyAsync("sh", ["-c", steps[0]], CreateBuildEnvironment(), folder.Root);
        foreach (var file in GetSourceFiles()) folder.CopyFromRepository(file);
        await ProgramRunner.RunSuccessfullyAsync("sh", ["-c", steps[1]], CreateBuildEnvironment(), folder.Root);

        foreach (var host in Hosts)
        {
            var program = Path.Combine(folder.Root, "out", host.ToLowerInvariant(), $"KeysCluster.{host}.dll");
            var (exitCode, output) = await ProgramRunner.RunAsync(
                "dotnet", [program, "healthcheck", "--urls", "http://127.0.0.1:9"]);
            Assert.Equal(1, exitCode);
            Assert.Contains("refused", output, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Build servers that wait for further builds would outlive the test.</summary>
    private static Dictionary<string, string?> CreateBuildEnvironment() => new()
    {
        ["CI"] = "true",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
    };

    /// <summary>Returns the files that are copied before the first build step.</summary>
    private static HashSet<string> GetCopiedFiles() =>
    [
        .. Lines.TakeWhile(line => !line.StartsWith("RUN ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1]),
    ];

    /// <summary>Returns the projects of the hosts and all projects that they reference.</summary>
    private static HashSet<string> FindProjects()
    {
        var found = new HashSet<string>();
        var queue = new Queue<string>(Hosts.Select(host => Path.Combine("src", host, $"KeysCluster.{host}.csproj")));
        while (queue.TryDequeue(out var project))
        {
            if (!found.Add(project)) continue;
            var folder = Path.Combine(Repository.Root, Path.GetDirectoryName(project)!);
            var references = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference");
            foreach (var reference in references.Select(reference => (string)reference.Attribute("Include")!))
                queue.Enqueue(Path.GetRelativePath(Repository.Root, Path.GetFullPath(reference, folder)));
        }

        return found;
    }

    private static IEnumerable<string> GetSourceFiles() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "data"));

    [GeneratedRegex("\"KeysCluster\\.(\\w+)\\.dll\"")]
    private static partial Regex ProgramPattern();
}
