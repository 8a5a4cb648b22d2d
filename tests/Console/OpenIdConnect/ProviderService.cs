namespace KeysCluster.Console.Tests.OpenIdConnect;

/// <summary>A service whose console signs people in by a provider, and a browser.</summary>
public sealed class ProviderService : IAsyncLifetime
{
    private readonly EmbeddedService _embedded = new();
    private readonly ConsoleBrowser _browser = new();
    private IdentityProvider? _provider;
    private ServiceProcess? _process;
    private TestProject? _project;

    public ServiceProcess Process => _process!;

    public TestProject Project => _project!;

    public string AdminKey => _embedded.AdminKey;

    public Uri ProviderAddress => _provider!.Address;

    /// <summary>The roles of the login page, in a project.</summary>
    public static IEnumerable<KeyValuePair<string, string>> CreateRoles(string projectId) =>
    [
        new("Console:OpenIdConnect:Roles:looking:Value", "viewers"),
        new("Console:OpenIdConnect:Roles:looking:ProjectId", projectId),
        new("Console:OpenIdConnect:Roles:looking:Permissions", "virtualKeys:view, events:view"),
        new("Console:OpenIdConnect:Roles:rotating:Value", "rotators"),
        new("Console:OpenIdConnect:Roles:rotating:ProjectId", projectId),
        new("Console:OpenIdConnect:Roles:rotating:Permissions", "virtualKeys:view,virtualKeys:rotate,events:view"),
        new("Console:OpenIdConnect:Roles:ruling:Value", "administrators"),
        new("Console:OpenIdConnect:Roles:ruling:Admin", "true"),
    ];

    /// <summary>Opens a browser window, which may go to the provider.</summary>
    public async Task<ConsolePerson> OpenAsync() =>
        await ConsolePerson.OpenAsync(_browser, Process.Address, null, ProviderAddress);

    /// <summary>Opens a browser window of a person who has signed in by an account.</summary>
    public async Task<ConsolePerson> SignInAsync(string account)
    {
        var person = await OpenAsync();
        await person.SignInByProviderAsync(account);
        return person;
    }

    /// <summary>Ends the provider. The service goes on.</summary>
    public ValueTask EndProviderAsync() => _provider!.DisposeAsync();

    public async Task InitializeAsync()
    {
        _provider = await IdentityProvider.StartAsync();
        await using (var first = await _embedded.StartAsync())
        {
            using var admin = CreateClient(first, AdminKey);
            var issued = await admin.Projects.CreateAsync("a project");
            _project = new TestProject(issued.Project.Id, issued.ApiKey, null!);
        }

        var settings = _embedded.CreateSettings()
            .Concat(_provider.CreateSettings())
            .Concat(CreateRoles(_project.Id))
            .ToDictionary();
        _process = await _embedded.StartWithSettingsAsync(settings);
        _project = _project with { Api = CreateClient(_process, _project.ApiKey) };
        await _browser.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
        if (_provider is not null) await _provider.DisposeAsync();
        await _embedded.DisposeAsync();
    }

    private static KeysClient CreateClient(ServiceProcess process, string key) =>
        KeysClient.Create(new KeysClientOptions { BaseAddress = process.Address, ApiKey = key });
}
