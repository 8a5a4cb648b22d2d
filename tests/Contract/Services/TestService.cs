namespace KeysCluster.Contract.Tests.Services;

/// <summary>
/// A silo on one kind of storage, shared by all tests of that storage. These tests form one collection, so they run one
/// after the other, and a test may rely on no other one creating projects meanwhile.
/// </summary>
public abstract class TestService : IAsyncLifetime
{
    private ServiceProcess? _process;

    public ServiceProcess Process => _process ?? throw new InvalidOperationException("The process is not started.");

    public abstract string AdminKey { get; }

    /// <summary>Creates a project for one test.</summary>
    public async Task<TestProject> CreateProjectAsync(string name = "a project")
    {
        using var admin = CreateAdminClient();
        var (id, apiKey) = await admin.CreateProjectAsync(name);
        return new TestProject(id, apiKey, Process.CreateClient(apiKey));
    }

    /// <summary>Creates a client that presents the admin key.</summary>
    public KeysClient CreateAdminClient() => Process.CreateClient(AdminKey);

    /// <summary>Creates a client without credentials.</summary>
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
