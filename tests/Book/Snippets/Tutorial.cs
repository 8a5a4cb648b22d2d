using KeysCluster.Client;

namespace KeysCluster.Book.Tests.Snippets;

/// <summary>The steps of docs/tutorial.md.</summary>
internal static class Tutorial
{
    /// <summary>Runs the steps, and returns the verdict on the first secret after each that verifies it.</summary>
    public static async Task<IReadOnlyList<VerdictCode>> RunAsync()
    {
        var codes = new List<VerdictCode>();

        #region tutorial-create
        using var keys = KeysClient.Create(new KeysClientOptions
        {
            BaseAddress = new Uri(Environment.GetEnvironmentVariable("KEYS_URL")!),
            ApiKey = Environment.GetEnvironmentVariable("KEYS_API_KEY")!,
        });

        var created = await keys.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "checkout" });
        var id = created.VirtualKey.Id;
        #endregion

        #region tutorial-verify
        var verdict = await keys.VirtualKeys.VerifyAsync(new VerifySecret { Secret = created.Secret });
        Console.WriteLine(verdict.Code);
        #endregion
        codes.Add(verdict.Code);

        #region tutorial-rotate
        var rotated = await keys.VirtualKeys.RotateAsync(id);
        string[] secrets = [rotated.Secret, created.Secret];
        foreach (var secret in secrets)
        {
            verdict = await keys.VirtualKeys.VerifyAsync(new VerifySecret { Secret = secret });
            Console.WriteLine($"{verdict.Code} until {verdict.ValidUntil}");
        }
        #endregion
        codes.Add(verdict.Code);

        #region tutorial-watch
        var key = await keys.VirtualKeys.GetAsync(id);
        foreach (var secret in key.RetiringSecrets)
            Console.WriteLine($"{secret.Id}: last used {secret.LastUsedAt}, ends {secret.ValidUntil}");
        #endregion

        #region tutorial-expire
        await keys.VirtualKeys.ExpireRetiringSecretsAsync(id);
        foreach (var secret in secrets)
        {
            verdict = await keys.VirtualKeys.VerifyAsync(new VerifySecret { Secret = secret });
            Console.WriteLine(verdict.Code);
        }
        #endregion
        codes.Add(verdict.Code);
        return codes;
    }
}
