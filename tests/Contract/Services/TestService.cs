using KeysCluster.TestKit;

namespace KeysCluster.Contract.Services;

/// <summary>A process of the service on one kind of storage, shared by all tests of that storage.</summary>
public abstract class TestService : IAsyncLifetime
{
    private ServiceProcess? _process;

    public ServiceProcess Process => _process ?? throw new InvalidOperationException("The process is not started.");

    public abstract string AdminKey { get; }

    /// <summary>A project that no other test knows.</summary>
    public async Task<TestProject> CreateProjectAsync(string name = "a project")
    {
        using var admin = CreateAdminClient();
        var answer = await admin.SendAsync(HttpMethod.Post, Routes.Projects, new { name });
        answer.EnsureStatus(HttpStatusCode.Created);
        var apiKey = answer.Json.GetProperty("api_key").GetString()!;
        return new TestProject(
            answer.Json.GetProperty("project").GetProperty("id").GetString()!, apiKey, Process.CreateClient(apiKey));
    }

    /// <summary>A client that presents the admin key.</summary>
    public KeysClient CreateAdminClient() => Process.CreateClient(AdminKey);

    /// <summary>A client that presents nothing.</summary>
    public KeysClient CreateAnonymousClient() => Process.CreateClient();

    public async Task InitializeAsync() => _process = await StartAsync();

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await RemoveStorageAsync();
    }

    protected abstract Task<ServiceProcess> StartAsync();

    protected abstract Task RemoveStorageAsync();
}
