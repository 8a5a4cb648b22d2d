using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

/// <summary>A service with its console, a browser, and the collection of the tests that share them.</summary>
[CollectionDefinition(CollectionName)]
public sealed class ConsoleService : IAsyncLifetime, ICollectionFixture<ConsoleService>
{
    public const string CollectionName = "Console";

    private readonly EmbeddedService _embedded = new();
    private readonly ConsoleBrowser _browser = new();
    private ServiceProcess? _process;

    public ServiceProcess Process => _process ?? throw new InvalidOperationException("The process is not started.");

    public string AdminKey => _embedded.AdminKey;

    /// <summary>Creates a project for one test, with an API key that may do everything.</summary>
    public async Task<TestProject> CreateProjectAsync(string name = "a project")
    {
        using var admin = CreateClient(AdminKey);
        var issued = await admin.Projects.CreateAsync(name);
        return new TestProject(issued.Project.Id, issued.ApiKey, CreateClient(issued.ApiKey));
    }

    /// <summary>Creates a client of the API.</summary>
    public KeysClient CreateClient(string key) =>
        KeysClient.Create(new KeysClientOptions { BaseAddress = Process.Address, ApiKey = key });

    /// <summary>Opens a browser window of a person who is signed in.</summary>
    public async Task<ConsolePerson> SignInAsync(string key, BrowserNewContextOptions? options = null)
    {
        var person = await OpenAsync(options);
        await person.SignInAsync(key);
        return person;
    }

    /// <summary>Opens a browser window.</summary>
    public async Task<ConsolePerson> OpenAsync(BrowserNewContextOptions? options = null) =>
        await ConsolePerson.OpenAsync(_browser, Process.Address, options);

    public async Task InitializeAsync()
    {
        _process = await _embedded.StartAsync();
        await _browser.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
        await _embedded.DisposeAsync();
    }
}
