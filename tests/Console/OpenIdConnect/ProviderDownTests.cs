using Microsoft.Playwright;

namespace KeysCluster.Console.Tests.OpenIdConnect;

/// <summary>The provider is not there when a person wants to sign in.</summary>
public sealed class ProviderDownTests(ProviderService service) : IClassFixture<ProviderService>
{
    [Fact]
    public async Task The_page_says_so_and_a_key_signs_in()
    {
        await service.EndProviderAsync();
        await using var person = await service.OpenAsync();
        await person.Page.GotoAsync("/console/sign-in");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with the test provider" }).ClickAsync();
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("could not sign you in");

        await person.SignInAsync(service.Project.ApiKey);
        await Assertions.Expect(person.Page.Locator(".who")).ToContainTextAsync("sk-lw-");
    }
}
