using System.Data.Common;

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

    /// <summary>
    /// Sets how many virtual keys that are not revoked a project may have. The database has the limit of a project that
    /// has created a key.
    /// </summary>
    public async Task SetMaxVirtualKeysAsync(TestProject project, int max)
    {
        await using var connection = CreateConnection();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE KeysProjectUsage SET MaxVirtualKeys = @Max WHERE ProjectId = @Project";
        AddParameter("@Max", max);
        AddParameter("@Project", project.Id);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());

        void AddParameter(string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    /// <summary>Executes SQL that changes what no call of the API can, such as a time in the past.</summary>
    public async Task ExecuteAsync(string sql, params (string Name, string Value)[] parameters)
    {
        await using var connection = CreateConnection();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync();
    }

    public async Task InitializeAsync() => _process = await StartAsync();

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await RemoveStorageAsync();
    }

    protected abstract Task<ServiceProcess> StartAsync();

    /// <summary>Creates a connection to the database of the silo.</summary>
    protected abstract DbConnection CreateConnection();

    protected abstract Task RemoveStorageAsync();
}
