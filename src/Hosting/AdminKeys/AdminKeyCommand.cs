namespace KeysCluster.Hosting.AdminKeys;

/// <summary>
/// The command <c>admin-key new [name]</c>. It prints a new admin key for a person or program, and the setting by which
/// the hosts recognize the key. It changes nothing.
/// </summary>
public static class AdminKeyCommand
{
    private const string Command = "admin-key";
    private const string DefaultName = "ops";

    /// <summary>Returns whether the first argument of the command line is this command.</summary>
    public static bool Matches(string[] args) => args is [Command, ..];

    /// <summary>Prints a key and its digest, or the usage if the arguments are invalid.</summary>
    /// <returns>The exit code: 0, or 1 if the arguments are invalid.</returns>
    public static int Run(string[] args)
    {
        var name = args switch
        {
            [Command, "new"] => DefaultName,
            [Command, "new", var given] => given,
            _ => null,
        };
        if (name is null || !SettingName.IsValid(name))
        {
            Console.Error.WriteLine($"Usage: {Command} new [name]. The name has {SettingName.Rule}.");
            return 1;
        }

        Print(name, AdminKeyGenerator.Create());
        return 0;
    }

    private static void Print(string name, string key)
    {
        var digest = AdminKeyDigest.Compute(key).ToSetting();
        Console.WriteLine($$$"""
            Admin key  {{{key}}}
                       Shown this once. The service needs only its digest:
            Digest     {{{digest}}}

            Set it on every silo and front end, in one of these ways:

              a file in Hosting:SecretsDirectory   Keys__AdminKeys__{{{name}}}, with the digest as its content
              appsettings.json                     { "Keys": { "AdminKeys": { "{{{name}}}": "{{{digest}}}" } } }
              an environment variable              Keys__AdminKeys__{{{name}}}={{{digest}}}

            The first two apply without a restart.
            """);
    }
}
