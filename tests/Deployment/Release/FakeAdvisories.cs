using System.Globalization;

namespace KeysCluster.Deployment.Tests.Release;

/// <summary>A NuGet source of advisories. Packages come from nuget.org, or from the cache of the machine.</summary>
internal sealed class FakeAdvisories : IDisposable
{
    private const string NoAdvisories = "{}";

    private readonly TemporaryFolder _folder = new();
    private readonly StubHttpServer _server;

    private FakeAdvisories(string? advisories)
    {
        _server = new StubHttpServer(request => StubHttpServer.CreateResponse("200 OK", Respond(request, advisories)));
        WriteConfiguration(_server.Port);
    }

    /// <summary>A nuget.config with this source of advisories.</summary>
    public string Configuration => Path.Combine(_folder.Root, "nuget.config");

    /// <summary>The variables with which <c>deploy/audit.sh</c> asks this source, without an earlier answer.</summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["AUDIT_CONFIG"] = Configuration,
        ["NUGET_HTTP_CACHE_PATH"] = Path.Combine(_folder.Root, "http-cache"),
    };

    /// <summary>A source that knows no vulnerability.</summary>
    public static FakeAdvisories CreateEmpty() => new(NoAdvisories);

    /// <summary>A source that lists every version of a package, with the lowest severity.</summary>
    public static FakeAdvisories CreateFor(string package) => new(
        $$"""{"{{package}}":[{"url":"https://advisories.example/1","severity":0,"versions":"(,1000.0.0)"}]}""");

    /// <summary>A source of packages without advisories, as a mirror may be.</summary>
    public static FakeAdvisories CreateMirror() => new(null);

    /// <summary>A source that does not answer.</summary>
    public static FakeAdvisories CreateUnreachable()
    {
        var source = CreateEmpty();
        source._server.Dispose();
        return source;
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private string Respond(string request, string? advisories)
    {
        var source = $"http://127.0.0.1:{_server.Port.ToString(CultureInfo.InvariantCulture)}";
        return request.Split(' ')[1] switch
        {
            "/page.json" => advisories!,
            "/advisories.json" =>
                $$"""[{"@name":"base","@id":"{{source}}/page.json","@updated":"2026-01-01T00:00:00Z"}]""",
            _ when advisories is null => """{"version":"3.0.0","resources":[]}""",
            _ => $$"""
                {"version":"3.0.0","resources":[{"@id":"{{source}}/advisories.json","@type":"VulnerabilityInfo/6.7.0"}]}
                """,
        };
    }

    private void WriteConfiguration(int port) => File.WriteAllText(Configuration, $"""
        <configuration>
          <packageSources>
            <clear />
            <add key="nuget.org" value="https://api.nuget.org/v3/index.json" protocolVersion="3" />
          </packageSources>
          <auditSources>
            <clear />
            <add key="advisories" value="http://127.0.0.1:{port}/index.json" allowInsecureConnections="true" />
          </auditSources>
        </configuration>
        """);
}
