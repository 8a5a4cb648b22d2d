namespace KeysCluster.Cli.Errors;

/// <summary>The exit codes. Scripts rely on them; they do not change.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>An unexpected failure.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong, or something that it needs is missing.</summary>
    public const int Usage = 2;

    /// <summary>Not signed in, or not permitted: 401 and 403.</summary>
    public const int Denied = 3;

    /// <summary>What the command names does not exist: 404.</summary>
    public const int NotFound = 4;

    /// <summary>The service refuses the request as it is: other statuses from 400 to 499.</summary>
    public const int Refused = 5;

    /// <summary>The service cannot be reached, is overloaded, or cannot execute the request now. Try again.</summary>
    public const int Unavailable = 6;

    /// <summary>The secret that was verified is refused.</summary>
    public const int SecretRefused = 7;

    /// <summary>The doctor found warnings, and no error.</summary>
    public const int Warnings = 8;

    /// <summary>Some rows of an import failed. The others are imported.</summary>
    public const int PartlyFailed = 9;

    /// <summary>Interrupted, as by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
